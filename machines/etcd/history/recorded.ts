/**
 * What clients asked of etcd members and what they were told, taken down while a world runs. An operation lasts from
 * the moment at which a member takes it in to the moment at which it lets the answer go: never longer than the client
 * sees it, so whoever finds order here finds it for the client too.
 */
import { type Address, type Answer, delivery, type Effect, type Push } from '../../../runtime/contract.ts'
import type { EtcdAnswered, EtcdFailed, EtcdRequest, EtcdWatched, WatchRequest } from '../../protocol/etcd.ts'

export interface Asked {
  readonly request: EtcdRequest
  readonly from: Address
  readonly member: Address
  /** The number of the delivery by which the member took it in. */
  readonly began: number
  /** Undefined while there is no answer. */
  ended: number | undefined
  answer: EtcdAnswered | EtcdFailed | undefined
}
export interface Watched {
  readonly request: WatchRequest
  readonly from: Address
  readonly member: Address
  readonly began: number
  /** All that was pushed, in order, with the number of the delivery that pushed it. */
  readonly told: { readonly at: number; readonly said: EtcdWatched }[]
}
/** What a trace says of one delivery: so much of it is needed here. */
interface Delivered {
  readonly n: number
  readonly to: Address
  readonly from: Address
  readonly machine: string
  readonly event: { readonly type: string }
  readonly effects: readonly Effect[]
}

/** A sink for the trace of a world: `world.observe(history.sink)`. */
export class History {
  readonly asked = new Map<number, Asked>()
  readonly watches = new Map<number, Watched>()

  readonly sink = (record: Delivered): void => {
    if (record.machine !== 'etcd') return
    const { n, to: member, from, event } = record
    // The trace does not tell the number of a call: it is read where the member itself has just read it.
    const number = delivery.call
    if (event.type === 'etcd.Watch')
      this.watches.set(number, { request: event as WatchRequest, from, member, began: n, told: [] })
    else if (number > 0 && KEY_REQUESTS.has(event.type))
      this.asked.set(number, {
        request: event as EtcdRequest,
        from,
        member,
        began: n,
        ended: undefined,
        answer: undefined,
      })
    for (const effect of record.effects) {
      if (effect.do === 'answer') this.answered(n, effect)
      else if (effect.do === 'push') this.pushed(n, effect)
    }
  }

  private answered(n: number, { call, event }: Answer): void {
    const asked = this.asked.get(call)
    if (asked === undefined) return
    asked.ended = n
    asked.answer = event as EtcdAnswered | EtcdFailed
  }
  private pushed(at: number, { stream, event }: Push): void {
    this.watches.get(stream)?.told.push({ at, said: event as EtcdWatched })
  }
}

/** Those that read or change keys. */
const KEY_REQUESTS: ReadonlySet<string> = new Set(['etcd.Put', 'etcd.Range', 'etcd.DeleteRange', 'etcd.Txn'])
