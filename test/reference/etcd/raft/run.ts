/** One run of a recorded scenario with members of ours: the same signals and requests at the same moments. */
import type { EventObject } from 'xstate'
import { jsonOf } from '../../../../machines/etcd/gateway.ts'
import { etcd } from '../../../../machines/etcd/member.ts'
import { numberOf } from '../../../../machines/etcd/membership/identity.ts'
import type { EtcdAnswered, EtcdFailed } from '../../../../machines/protocol/etcd.ts'
import type { AlarmReply, HealthReply, StatusReply } from '../../../../machines/protocol/etcd-admin.ts'
import { draw } from '../../../../runtime/contract.ts'
import { compiledLogic } from '../../../../runtime/logic.ts'
import { Cluster } from '../../../unit/machines/etcd/cluster.ts'
import { linesOf } from './lines.ts'
import { type Request, requestFor, type Scene } from './operations.ts'
import {
  askedAt,
  begins,
  births,
  type Event,
  firstFollowers,
  firstLeader,
  type Recording,
  type Seen,
} from './recording.ts'

/** An answer, and how long it took; what a note tells, and when. */
export interface Told {
  readonly of: Event
  readonly text: string
  readonly ms: number
}
export interface Run {
  readonly seen: readonly Seen[]
  readonly told: readonly Told[]
  /** Members of the recording that a signal or a request named, as addresses of ours. */
  readonly named: ReadonlyMap<string, string>
}

/** Messages are late by up to so many ms: on an idle machine, and on one with more processes than cores. */
const PACES = [1, 2, 6]

const COMPILED = compiledLogic(etcd)
const REFUSED = 'ConnectionRefusedError'

export function run(recording: Recording, seed: number): Run {
  return new Stage(recording, seed).played()
}

class Stage {
  private readonly cluster: Cluster
  private readonly recording: Recording
  private readonly seed: number
  private readonly start: number
  private readonly names = new Map<string, string>()
  private readonly seen: Seen[] = []
  private readonly open: { of: Event; call: number; at: number }[] = []
  private readonly told: Told[] = []
  private signalled = ''
  private lastAdded = ''
  private alarms: readonly string[] = []
  private readonly ids = new Map<string, number>()

  constructor(recording: Recording, seed: number) {
    this.recording = recording
    this.seed = seed
    const quota = /quota (\d+) MiB/.exec(recording.description)?.[1]
    const asksFirst = recording.timeline.some(({ ev, msg = '' }) => ev === 'start' && msg.includes('=new'))
    const options = {
      ...(quota === undefined ? {} : { quotaBackendBytes: Number(quota) * 1_048_576 }),
      ...(asksFirst ? { initialClusterState: 'new' as const } : {}),
    }
    this.cluster = new Cluster(recording.members, seed, options, !begins(recording), COMPILED)
    this.cluster.checks = false
    this.cluster.post.jitterMs = PACES[seed % PACES.length] as number
    if (begins(recording)) for (const name of this.cluster.names) this.cluster.starting.set(name, [])
    this.cluster.post.networkMs = 0
    this.cluster.diskMs = 1
    if (!begins(recording)) this.warmUp()
    this.start = this.cluster.now
    this.name()
  }

  /** Long enough for all connections to be trusted, and then to any moment between two heartbeats. */
  private warmUp(): void {
    this.cluster.run(8_000 + (draw(this.seed, 'phase') % 1_000))
    for (let i = 0; i < 20 && this.cluster.leaders.length !== 1; i++) this.cluster.run(1_000)
  }

  /** Who is who: the leader is the leader; the others are alike. Where nobody knows who led, each may have. */
  private name(): void {
    const all = Array.from({ length: this.recording.members }, (_, i) => `m${i + 1}`)
    if (begins(this.recording))
      for (const [i, name] of all.entries()) this.names.set(name, this.cluster.names[i] as string)
    else {
      const followers = firstFollowers(this.recording)
      const leading = all.filter((name) => !followers.includes(name))
      const leader = firstLeader(this.recording) ?? (leading[this.seed % leading.length] as string)
      this.names.set(leader, this.cluster.leader)
      const others = this.cluster.names.filter((name) => name !== this.cluster.leader)
      for (const name of all) if (name !== leader) this.names.set(name, others.shift() as string)
    }
    for (let i = all.length + 1; i < 10; i++) this.names.set(`m${i}`, `etcd/cp-${i}`)
    for (const address of this.cluster.names) this.ids.set(address, numberOf(address))
  }
  private readonly addressOf = (name = 'm1'): string => this.names.get(name) as string

  played(): Run {
    this.cluster.onStep = (stepped) => {
      for (const line of linesOf(stepped))
        this.seen.push({ atMs: stepped.at - this.start, by: stepped.name, text: line })
    }
    const { timeline } = this.recording
    for (const event of timelineOf(this.recording)) {
      this.until(askedAt(event))
      this.waitForAnswers(event)
      this.does(event)
    }
    const end = Math.max(...timeline.map(({ t, ms = 0 }) => t * 1_000 + ms))
    this.until(end + 300)
    for (let i = 0; i < 80 && this.open.length > 0; i++) this.until(this.cluster.now - this.start + 100)
    const named = new Set(timeline.flatMap(({ ev, member }) => (ev === 'log' || member === undefined ? [] : [member])))
    return {
      seen: this.seen.filter(({ atMs }) => atMs <= end),
      told: this.told,
      named: new Map([...named].map((name) => [name, this.addressOf(name)])),
    }
  }

  /** An administrator does one thing after the other; so does whoever notes what came of it. */
  private waitForAnswers({ ev }: Event): void {
    if (ev === 'signal' || ev === 'log') return
    for (let i = 0; i < 8_000 && this.open.some(({ of }) => of.ev === 'admin'); i++)
      this.until(this.cluster.now - this.start + 1)
  }

  private until(ms: number): void {
    const left = this.start + ms - this.cluster.now
    if (left > 0) this.cluster.run(left)
    this.collect()
  }

  private does(event: Event): void {
    const address = this.addressOf(event.member)
    if (event.ev === 'signal') this.signal(event, address)
    else if (event.ev === 'start') this.boots(address, event.msg ?? '')
    else if (event.ev === 'log') this.cluster.boot(address)
    else if (event.ev === 'note') this.note(event)
    else this.asks(event, address)
  }

  private signal({ signal, t, member }: Event, address: string): void {
    this.signalled = address
    if (signal === 'SIGKILL') this.cluster.kill(address)
    if (signal !== 'SIGSTOP') return
    const resumed = this.recording.timeline.find((later) => later.signal === 'SIGCONT' && later.member === member)
    this.cluster.pause(address, ((resumed?.t ?? 1_000) - t) * 1_000)
  }
  private boots(address: string, told: string): void {
    const state = told.includes('=existing') ? 'existing' : 'new'
    this.cluster.prepare(address)
    this.cluster.boot(address, { initialClusterState: state })
  }

  private asks(event: Event, address: string): void {
    const request = event.ev === 'health' ? healthOf(event) : requestFor(event.op ?? '', this.scene(event))
    if (!this.isUp(address)) return void this.told.push({ of: event, text: REFUSED, ms: 0 })
    if (request === undefined) return void this.told.push({ of: event, text: 'nobody is there', ms: 0 })
    if (/filled with/.test(this.recording.description) && event.op?.startsWith('put of') === true)
      this.fill(address, request)
    if (request.type === 'etcd.MemberAdd') this.lastAdded = addressWith(request) ?? this.lastAdded
    this.open.push({ of: event, call: this.cluster.ask(address, request), at: this.cluster.now })
  }
  /** The recorder put until there was no more room: the last put is the one that it noted. */
  private fill(address: string, request: Request): void {
    for (let i = 0; i < 10_000; i++) {
      const call = this.cluster.ask(address, request as EventObject)
      this.cluster.until(() => this.cluster.answers.has(call))
      if (this.cluster.answers.get(call)?.type === 'etcd.failed') return
    }
  }
  private isUp = (address: string): boolean => this.cluster.members.get(address)?.snapshot !== undefined

  private scene({ member, t }: Event): Scene {
    const asked = this.addressOf(member)
    const { leader } = this.cluster
    const refused = this.recording.timeline.find((later) => later.t > t && later.result === REFUSED)?.member
    const others = this.cluster.names.filter((name) => name !== leader && name !== asked && this.isUp(name))
    const preferred = refused === undefined ? undefined : this.addressOf(refused)
    return {
      asked,
      leader,
      follower: others.find((name) => name === preferred) ?? others[0] ?? asked,
      signalled: this.signalled,
      addressOf: this.addressOf,
      idOf: (address) => this.ids.get(address) ?? numberOf(address),
      lastAdded: this.lastAdded,
      revision: this.cluster.context(asked)?.replica.store.revision ?? 0,
    }
  }

  private note({ msg = '', t }: Event): void {
    const event = { t, ev: 'note', msg } as const
    if (/^data dir of (m\d+) deleted/.test(msg)) this.cluster.wipe(this.signalled)
    else if (msg.startsWith('granted TTL=')) this.lease(event)
    else if (msg.startsWith('["')) this.told.push({ of: event, text: JSON.stringify(this.alarms), ms: t * 1_000 })
    else if (/process exit code/.test(msg))
      this.told.push({ of: event, text: this.isUp(this.subjectOf(msg)) ? 'runs' : 'has ended', ms: t * 1_000 })
  }
  private subjectOf(msg: string): string {
    const removed = [...this.ids.keys()].find((address) => !this.isUp(address))
    if (msg.startsWith('removed follower')) return removed ?? this.signalled
    if (/^(removed leader|last member)/.test(msg)) return this.cluster.leader
    return this.signalled === '' ? this.addressOf('m1') : this.signalled
  }

  /** A lease with a key on it, looked at until the key is gone. */
  private lease(event: Event): void {
    const member = this.addressOf('m1')
    const ttlSeconds = Number(/lease TTL (\d+)/.exec(this.recording.description)?.[1] ?? 1)
    const granted = this.reply(member, { type: 'etcd.LeaseGrant', id: 78, ttlSeconds }) as { ttlSeconds: number }
    const since = this.cluster.now
    this.told.push({ of: event, text: `granted TTL=${granted.ttlSeconds}`, ms: 0 })
    this.reply(member, { type: 'etcd.Put', key: 'leased', value: 'v', lease: 78 })
    for (let i = 0; i < 10_000; i++) {
      const { count } = this.reply(member, { type: 'etcd.Range', key: 'leased' }) as { count: number }
      if (count === 0) break
      this.cluster.run(20)
    }
    const left = this.reply(member, { type: 'etcd.LeaseTimeToLive', id: 78 }) as { ttlSeconds: number }
    const gone = this.recording.timeline.find(({ msg = '' }) => msg.startsWith('key gone')) ?? event
    const text = `key gone; timetolive answers {"ID": "78", "TTL": "${left.ttlSeconds}"}`
    this.told.push({ of: gone, text, ms: this.cluster.now - since })
  }
  private reply = (member: string, request: Request): unknown => this.cluster.reply(member, request as EventObject)

  private collect(): void {
    for (const { of, call, at } of this.open.splice(0)) {
      const answer = this.cluster.answers.get(call)
      if (answer === undefined) this.open.push({ of, call, at })
      else this.tell(of, answer, (this.cluster.answeredAt.get(call) as number) - at)
    }
  }
  private tell(of: Event, answer: EtcdAnswered | EtcdFailed, ms: number): void {
    if (answer.type === 'etcd.answered' && 'alarms' in answer.reply)
      this.alarms = (answer.reply as AlarmReply).alarms.map(({ alarm }) => alarm.toUpperCase())
    if (answer.type === 'etcd.answered' && 'member' in answer.reply && answer.reply.member !== undefined)
      this.ids.set(this.lastAdded, answer.reply.member.id)
    this.told.push({ of, text: textOf(of, answer, this.cluster), ms })
  }
}

/** In the order in which it was done; restarts are only told by the log. */
function timelineOf(recording: Recording): readonly Event[] {
  const doing = recording.timeline.filter(({ ev }) => ev !== 'log')
  return [...births(recording), ...doing].sort((a, b) => a.t - b.t)
}
const addressWith = ({ peerUrls }: Request): string | undefined => {
  const host = /\/\/([^:]+):/.exec(String((peerUrls as readonly string[])[0]))?.[1]
  return host === undefined ? undefined : `etcd/${host}`
}
const healthOf = ({ query = '' }: Event): Request => ({
  type: 'etcd.Health',
  exclude: [...query.matchAll(/exclude=(\w+)/g)].map(([, alarm]) => alarm),
  serializable: query.includes('serializable=true'),
})

function textOf(of: Event, answer: EtcdAnswered | EtcdFailed, cluster: Cluster): string {
  if (answer.type === 'etcd.failed') return `${answer.error} ${answer.code} ${jsonOf('', answer)['status']}`
  if (of.ev === 'health') {
    const { health, reason } = answer.reply as HealthReply
    return `${JSON.stringify({ health, reason })} ${health === 'true' ? 200 : 503}`
  }
  if (of.op !== 'status') return 'ok'
  const { errors, leader } = answer.reply as StatusReply
  const led = cluster.names.find((name) => numberOf(name) === leader)
  return `ok ${JSON.stringify(errors.map((error) => error.replace(/memberID:\d+/, 'memberID')))} <${led}>`
}
