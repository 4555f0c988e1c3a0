/** What is under way between members, and to their timers: in order of time, and on one connection in the order it was sent. */
import type { EventObject } from 'xstate'
import { mix, textHash } from '../../../../../runtime/contract.ts'

export interface Mail {
  readonly at: number
  readonly order: number
  readonly to: string
  readonly event: EventObject
  readonly from: string
  readonly call: number
  readonly line: string
  readonly life: number
  readonly timer?: string
}

export class Post {
  networkMs = 1
  /** How much longer than `networkMs` a message may take. What goes over one connection stays in order. */
  jitterMs = 0
  private readonly connections = new Map<string, number>()
  private agenda: Mail[] = []
  private order = 0
  private readonly seed: number

  constructor(seed: number) {
    this.seed = seed
  }

  /** The number that the next mail will have. */
  get nextOrder(): number {
    return this.order + 1
  }
  /** @returns the first that is due until then, which is under way no more */
  take(end: number): Mail | undefined {
    const [mail] = this.agenda
    return mail === undefined || mail.at > end ? undefined : this.agenda.shift()
  }
  send(mail: Omit<Mail, 'order'>): void {
    this.insert({ ...mail, order: ++this.order })
  }
  insert(mail: Mail): void {
    let at = this.agenda.length
    while (at > 0 && (this.agenda[at - 1] as Mail).at > mail.at) at--
    this.agenda.splice(at, 0, mail)
  }
  lose(isLost: (mail: Mail) => boolean): void {
    this.agenda = this.agenda.filter((mail) => !isLost(mail))
  }

  /** Appends have a connection of their own, as in rafthttp: what goes over the other may overtake them. */
  travelMs(now: number, from: string, to: string, { type }: EventObject): number {
    if (this.jitterMs === 0) return this.networkMs
    const connection = connectionOf(from, to, type)
    const jitter = (mix(mix(this.seed, textHash(connection)), this.order) >>> 8) % (this.jitterMs + 1)
    const at = Math.max(now + this.networkMs + jitter, this.connections.get(connection) ?? 0)
    this.connections.set(connection, at)
    return at - now
  }
  /** A process that is resumed reads its connections in any order. */
  latenessMs({ from, to, event, timer }: Mail, resumedAt: number): number {
    if (this.jitterMs === 0 || timer !== undefined) return 0
    return mix(mix(this.seed, resumedAt), textHash(connectionOf(from, to, event.type))) % 4
  }
}

const connectionOf = (from: string, to: string, type: string): string =>
  `${from} ${to} ${type === 'MsgApp' || type === 'MsgSnap' ? 'appends' : 'messages'}`
