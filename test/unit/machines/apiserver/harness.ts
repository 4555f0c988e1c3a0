/** One API server, its requests and a little etcd, delivered by hand in order and at once: for tests of the parts together. */
import type { AnyStateMachine, EventObject } from 'xstate'
import { kubeApiserver } from '../../../../machines/apiserver/apiserver.ts'
import { apiserverBootstrap } from '../../../../machines/apiserver/bootstrap.ts'
import { apiCollectionDeletion } from '../../../../machines/apiserver/collection-deletion.ts'
import { etcdCompactor } from '../../../../machines/apiserver/compactor.ts'
import { disruptionClaim } from '../../../../machines/apiserver/disruption-claim.ts'
import { apiRead } from '../../../../machines/apiserver/read.ts'
import { apiRequest } from '../../../../machines/apiserver/request.ts'
import type { ApiAnswered, ApiRequest } from '../../../../machines/protocol/api.ts'
import type { Effect } from '../../../../runtime/contract.ts'
import { born, type Chart } from '../../../kit/chart.ts'
import { LittleEtcd } from './little-etcd.ts'

const MACHINES: Readonly<Record<string, AnyStateMachine>> = Object.fromEntries(
  [apiRequest, apiRead, apiCollectionDeletion, disruptionClaim, apiserverBootstrap, etcdCompactor].map((machine) => [
    machine.id,
    machine,
  ]),
)
const SERVER = 'kube-apiserver/cp-1'
const ADMIN = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }

export class Harness {
  readonly etcd = new LittleEtcd()
  readonly pushed = new Map<number, EventObject[]>()
  deliveries = 0
  starts = 0
  at = 1_767_225_600_000
  private readonly charts = new Map<string, Chart<unknown>>()
  private readonly asked = new Map<number, { from: string; line: string; answer?: EventObject }>()
  private calls = 0

  constructor() {
    this.give(
      SERVER,
      born(kubeApiserver, { etcd: ['etcd/cp-1'], ownKinds: [], ip: '192.0.2.1' }, SERVER, {
        at: this.at,
      }) as Chart<unknown>,
    )
  }

  /** One request and its answer. */
  ask(request: Omit<ApiRequest, 'type' | 'user'> & Partial<Pick<ApiRequest, 'user'>>): ApiAnswered {
    const number = this.call('test', SERVER, { type: 'api.request', user: ADMIN, ...request } as ApiRequest, 'test')
    if (this.asked.get(number)?.answer === undefined) this.runOut(number)
    return this.asked.get(number)?.answer as ApiAnswered
  }

  watch(request: Omit<ApiRequest, 'type' | 'user' | 'verb'>): number {
    const number = ++this.calls
    this.pushed.set(number, [])
    this.deliver(SERVER, { type: 'api.request', user: ADMIN, verb: 'watch', ...request } as ApiRequest, {
      from: 'test',
      call: number,
    })
    return number
  }

  /** Lets the timer of a reader that waits for the cache run out. */
  private runOut(number: number): void {
    const address = `request/cp-1/${number}`
    const chart = this.charts.get(address)
    if (chart?.state === 'reading.waitingForCache')
      this.later(() => this.give(address, chart.after('freshness timeout')))
  }

  state(address: string): string | undefined {
    return this.charts.get(address)?.state
  }

  private give(address: string, chart: Chart<unknown>): void {
    this.charts.set(address, chart)
    for (const effect of chart.asked) this.carry(address, effect)
    if (chart.done) this.charts.delete(address)
  }

  private readonly mail: (() => void)[] = []
  private busy = false

  /** Mail goes through a queue: the last of it is delivered when this returns. */
  private later(what: () => void): void {
    this.mail.push(what)
    if (this.busy) return
    this.busy = true
    for (let next = this.mail.shift(); next !== undefined; next = this.mail.shift()) next()
    this.busy = false
  }

  private deliver(address: string, event: EventObject, told: { from: string; call?: number; line?: string }): void {
    this.later(() => {
      this.deliveries++
      const chart = this.charts.get(address)
      if (chart !== undefined) this.give(address, chart.on(event, { at: this.at, ...told }))
    })
  }

  private call(from: string, to: string, event: EventObject, line: string): number {
    const number = ++this.calls
    this.asked.set(number, { from, line })
    if (!to.startsWith('etcd/')) this.deliver(to, event, { from, call: number })
    else {
      this.later(() => {
        this.deliver(from, this.etcd.answer(event as never), { from: to, line })
        this.tell()
      })
    }
    return number
  }

  private tell(): void {
    const event = this.etcd.news()
    if (event !== undefined) this.deliver(SERVER, event, { from: 'etcd/cp-1', line: 'watch' })
  }

  private carry(from: string, effect: Effect): void {
    if (effect.do === 'call') this.call(from, effect.to, effect.event, effect.line)
    else if (effect.do === 'send') this.deliver(effect.to, effect.event, { from })
    else if (effect.do === 'push') this.pushed.get(effect.stream)?.push(effect.event)
    else if (effect.do === 'end') this.pushed.get(effect.stream)?.push({ type: 'ended' })
    else if (effect.do === 'stream') this.etcd.watch()
    else if (effect.do === 'spawn') {
      const machine = MACHINES[effect.machine] as AnyStateMachine
      this.starts++
      this.give(effect.address, born(machine, effect.input, effect.address, { at: this.at, from }) as Chart<unknown>)
    } else if (effect.do === 'answer') {
      const asked = this.asked.get(effect.call)
      if (asked === undefined) return
      this.asked.set(effect.call, { ...asked, answer: effect.event })
      if (asked.from !== 'test') this.deliver(asked.from, effect.event, { from, line: asked.line })
    }
  }
}
