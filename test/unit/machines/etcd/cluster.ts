/** A few etcd members with a post, a clock and disks between them: enough of a world to see raft at work. */
import type { AnyMachineSnapshot, EventObject } from 'xstate'
import type { Context, Input } from '../../../../machines/etcd/context.ts'
import { violations } from '../../../../machines/etcd/invariants.ts'
import { etcd } from '../../../../machines/etcd/member.ts'
import type { EtcdAnswered, EtcdFailed, EtcdReply, EtcdWatched } from '../../../../machines/protocol/etcd.ts'
import { delivery, type Effect, mix, textHash } from '../../../../runtime/contract.ts'
import { dotted } from '../../../../runtime/inspect/state.ts'
import { interpreted, type Logic } from '../../../../runtime/logic.ts'
import { Tree } from '../../../../runtime/tree.ts'
import { blank, type Host, written } from './cluster/host.ts'
import { type Mail, Post } from './cluster/post.ts'

export interface Stepped {
  readonly name: string
  readonly at: number
  readonly before: AnyMachineSnapshot | undefined
  readonly after: AnyMachineSnapshot
  readonly event: EventObject
  readonly from: string
}

interface Step {
  readonly snapshot: AnyMachineSnapshot
  readonly effects: readonly Effect[]
}

const BY_XSTATE = interpreted(etcd)

export class Cluster {
  now = 1_000_000
  /** Heartbeats not counted. */
  deliveries = 0
  readonly names: string[]
  /** What else every member is told at its start. */
  readonly options: Partial<Input>
  readonly answers = new Map<number, EtcdAnswered | EtcdFailed>()
  readonly answeredAt = new Map<number, number>()
  readonly watched = new Map<number, EtcdWatched[]>()
  readonly cuts = new Set<string>()
  readonly members = new Map<string, Host>()
  diskMs = 2
  checks = true
  /** How long what is under way takes is set there. */
  readonly post: Post
  /** Told of every step: from what to what, by which event. At a birth there is no before. */
  onStep: (step: Stepped) => void = () => {}
  /** Whose process runs and takes connections, but has not begun to read them: what comes waits for its birth. */
  readonly starting = new Map<string, (() => void)[]>()
  private calls = 0
  private readonly seed: number
  private readonly logic: Logic

  /** @param logic how members are stepped: by XState itself, unless it should be faster */
  constructor(count: number, seed = 1, options: Partial<Input> = {}, isStarted = true, logic = BY_XSTATE) {
    this.seed = seed
    this.post = new Post(seed)
    this.logic = logic
    this.options = options
    this.names = Array.from({ length: count }, (_, i) => `etcd/cp-${i + 1}`)
    for (const name of this.names) this.members.set(name, blank())
    if (isStarted) for (const name of this.names) this.boot(name)
  }

  boot(name: string, options: Partial<Input> = {}): void {
    const member = this.at(name)
    member.life++
    member.timers = new Map()
    this.tell(name, '', 0, '', member.disk)
    const input = { name: name.slice(5), members: [...this.names], ...this.options, ...options }
    const begins = member.disk.size > 0 ? 'restart' : 'birth'
    const { snapshot, effects } = this.started(input)
    member.snapshot = snapshot.status === 'done' ? undefined : snapshot
    this.onStep({ name, at: this.now, before: undefined, after: snapshot, event: { type: begins }, from: '' })
    this.carryOut(name, effects)
    const queue = this.starting.get(name) ?? []
    this.starting.delete(name)
    for (const arrive of queue) arrive()
  }
  /** A machine on which a member may be started; it is not yet. */
  prepare(name: string): void {
    if (!this.names.includes(name)) this.names.push(name)
    if (!this.members.has(name)) this.members.set(name, blank())
  }
  wipe(name: string): void {
    const member = this.at(name)
    member.disk = Tree.of()
    member.unsafe = [Tree.of()]
  }
  /** Without power, of what was not synced only a beginning is left. */
  kill(name: string, power = false): void {
    const member = this.at(name)
    member.snapshot = undefined
    if (power) member.disk = member.unsafe[mix(this.now, this.seed) % member.unsafe.length] as Tree<unknown>
    member.unsafe = [member.disk]
    this.post.lose(({ to, from }) => to === name || from === name)
  }
  pause(name: string, ms: number): void {
    this.at(name).pausedUntil = this.now + ms
  }
  cut(from: string, to: string): void {
    this.cuts.add(`${from} ${to}`)
  }
  heal(): void {
    this.cuts.clear()
  }

  context(name: string): Context {
    return this.at(name).snapshot?.context as Context
  }
  state(name: string): string {
    const { snapshot } = this.at(name)
    return snapshot === undefined ? 'dead' : dotted(snapshot.value)
  }
  role(name: string): string {
    return /role\.([a-zA-Z]+)/.exec(this.state(name))?.[1] ?? this.state(name)
  }
  get leaders(): readonly string[] {
    return this.names.filter((name) => this.role(name) === 'leader')
  }
  get leader(): string {
    return this.leaders.toSorted((a, b) => this.context(b).term - this.context(a).term)[0] ?? ''
  }
  get follower(): string {
    return this.names.find((name) => name !== this.leader && this.at(name).snapshot !== undefined) as string
  }

  /** Asks as a client that sits beside the member; the answer is in `answers` under the number returned. */
  ask(name: string, event: EventObject): number {
    const call = ++this.calls
    this.send(0, name, event, `client/${call}`, call, '')
    return call
  }
  watch(name: string, event: EventObject, from = 'client/watch'): number {
    const call = ++this.calls
    this.watched.set(call, [])
    this.send(0, name, event, from, call, '')
    return call
  }
  reply<R extends EtcdReply = EtcdReply>(name: string, event: EventObject): R {
    const call = this.ask(name, event)
    this.until(() => this.answers.has(call), 10_000)
    const answer = this.answers.get(call)
    if (answer?.type !== 'etcd.answered') throw new Error(`${event.type}: ${JSON.stringify(answer)}`)
    return answer.reply as R
  }

  run(ms: number): void {
    const end = this.now + ms
    while (this.next(end)) this.check()
    this.now = end
  }
  until(holds: () => boolean, withinMs = 20_000): void {
    const end = this.now + withinMs
    while (!holds()) {
      if (!this.next(end))
        throw new Error(`not within ${withinMs} ms: ${this.names.map((n) => this.state(n)).join(' | ')}`)
      this.check()
    }
  }

  private check(): void {
    if (!this.checks) return
    const contexts = this.names.flatMap((name) => this.context(name) ?? [])
    const broken = violations(contexts)
    if (broken.length > 0) throw new Error(broken.join('\n'))
  }

  private next(end: number): boolean {
    const mail = this.post.take(end)
    if (mail === undefined) return false
    const member = this.members.get(mail.to)
    if (member === undefined) return this.outside(mail)
    if (member.pausedUntil > mail.at) {
      this.post.insert({ ...mail, at: member.pausedUntil + this.post.latenessMs(mail, member.pausedUntil) })
      return true
    }
    this.now = Math.max(this.now, mail.at)
    if (member.snapshot === undefined || mail.life !== member.life) return true
    if (mail.timer !== undefined && member.timers.get(mail.timer) !== mail.order) return true
    if (mail.timer !== undefined) member.timers.delete(mail.timer)
    if (!/eartbeat/.test(mail.event.type)) this.deliveries++
    if (mail.event.type === 'disk.synced') member.unsafe = member.unsafe.slice(mail.call)
    this.tell(mail.to, mail.from, mail.call, mail.line, undefined)
    const before = member.snapshot
    const { snapshot, effects } = this.stepped(before, mail.event)
    member.snapshot = snapshot.status === 'done' ? undefined : snapshot
    this.onStep({ name: mail.to, at: this.now, before, after: snapshot, event: mail.event, from: mail.from })
    this.carryOut(mail.to, effects)
    return true
  }
  private started(input: Input): Step {
    return this.logic.start(input) as unknown as Step
  }
  private stepped(before: AnyMachineSnapshot, event: EventObject): Step {
    return this.logic.step(before, event) as unknown as Step
  }
  private outside({ call, event, at, line }: Mail): boolean {
    this.now = Math.max(this.now, at)
    if (line === 'stream') this.watched.get(call)?.push(event as EtcdWatched)
    else {
      this.deliveries++
      this.answers.set(call, event as EtcdAnswered)
      this.answeredAt.set(call, at)
    }
    return true
  }

  private tell(self: string, from: string, call: number, line: string, disk: Tree<unknown> | undefined): void {
    const dice = mix(mix(this.seed, textHash(self)), this.at(self).life)
    Object.assign(delivery, { self, at: this.now, from, dice, call, line, disk })
  }

  private carryOut(self: string, effects: readonly Effect[]): void {
    const member = this.at(self)
    for (const effect of effects) {
      if (effect.do === 'send') this.mail(self, effect.to, effect.event)
      else if (effect.do === 'call') this.mail(self, effect.to, effect.event, 900_000 + ++this.calls, effect.line)
      else if (effect.do === 'answer') this.answer(self, effect.to, effect.call, effect.event)
      else if (effect.do === 'push')
        this.send(this.post.networkMs, 'client', effect.event, self, effect.stream, 'stream')
      else if (effect.do === 'write') member.unsafe.push(written(member, effect.key, effect.value))
      else if (effect.do === 'sync')
        this.send(
          this.diskMs,
          self,
          { type: 'disk.synced', key: effect.key } as EventObject,
          self,
          member.unsafe.length - 1,
        )
      else if (effect.do === 'wake') this.wind(self, effect.key, effect.afterMs, effect.event)
      else if (effect.do === 'cancel') member.timers.delete(effect.key)
    }
  }
  private readonly lines = new Map<number, readonly [string, string]>()
  private mail(from: string, to: string, event: EventObject, call = 0, line = ''): void {
    if (this.cuts.has(`${from} ${to}`)) return
    const queue = this.starting.get(to)
    if (queue !== undefined && call === 0) return void queue.push(() => this.mail(from, to, event))
    if (this.members.get(to)?.snapshot === undefined) {
      const lost = { type: 'call.lost', line, reason: 'refused' } as EventObject
      if (call > 0) this.send(this.post.networkMs, from, lost, '')
      return
    }
    if (call > 0) this.lines.set(call, [from, line])
    this.send(this.post.travelMs(this.now, from, to, event), to, event, from, call)
  }
  private answer(from: string, to: string, call: number, event: EventObject): void {
    const asked = this.lines.get(call)
    if (asked !== undefined && this.cuts.has(`${from} ${to}`)) return
    if (asked === undefined) this.send(this.post.networkMs, to, event, from, call)
    else this.send(this.post.networkMs, asked[0], event, from, 0, asked[1])
  }
  private wind(self: string, key: string, afterMs: number, event: EventObject): void {
    this.at(self).timers.set(key, this.post.nextOrder)
    this.send(afterMs, self, event, self, 0, '', key)
  }
  private send(
    afterMs: number,
    to: string,
    event: EventObject,
    from: string,
    call = 0,
    line = '',
    timer?: string,
  ): void {
    const life = this.members.get(to)?.life ?? 0
    const mail = { at: this.now + afterMs, to, event, from, call, line, life }
    this.post.send(timer === undefined ? mail : { ...mail, timer })
  }
  private at(name: string): Host {
    return this.members.get(name) as Host
  }
}

export const put = (key: string, value: unknown = 'v', rest: object = {}): EventObject =>
  ({ type: 'etcd.Put', key, value, ...rest }) as EventObject
export const range = (key: string, rest: object = {}): EventObject =>
  ({ type: 'etcd.Range', key, ...rest }) as EventObject
