/** What `orrery time` and `orrery fault` ask of a running server, over the same door as kubectl: /orrery/time, /orrery/fault. */
import type { HttpRequest, HttpResponse } from '../../machines/apiserver/http.ts'
import type { Cluster } from '../../machines/cluster/cluster.ts'
import { rfc3339 } from '../../machines/lib/time.ts'
import type { User } from '../../machines/protocol/api.ts'
import { type Pace, paceOf } from '../../runtime/drivers/live.ts'
import type { EtcdGateway } from './etcd.ts'
import { faultDone } from './faults.ts'
import type { Live } from './live.ts'

export interface Control {
  readonly cluster: Cluster
  readonly live: Live
  /** The real etcd that the cluster is kept in, if it is. */
  readonly store?: EtcdGateway | undefined
}
/** `advance`: so many ms of virtual time at once, as fast as they can be reckoned. */
export interface TimeOrder {
  readonly speed?: string
  readonly resume?: true
  readonly advanceMs?: number
}
export interface TimeTold {
  readonly now: string
  readonly virtualMs: number
  readonly speed: string
}
export interface FaultOrder {
  readonly fault: string
  readonly on: readonly string[]
}

const PREFIX = '/orrery/'

/** @returns undefined when it is none of our paths. */
export async function controlled(
  { path, body }: HttpRequest,
  user: User,
  control: Control,
): Promise<HttpResponse | undefined> {
  if (!path.startsWith(PREFIX)) return undefined
  if (!user.groups.includes('system:masters')) return told(403, { message: 'only the administrator may do that' })
  try {
    return told(200, await obeyed(path.slice(PREFIX.length), body, control))
  } catch (error) {
    return told(400, { message: (error as Error).message })
  }
}

async function obeyed(what: string, body: Uint8Array | undefined, control: Control): Promise<unknown> {
  const order = body === undefined || body.length === 0 ? {} : JSON.parse(new TextDecoder().decode(body))
  if (what === 'time') return timeTold(order as TimeOrder, control)
  if (what !== 'fault') throw new Error(`there is nothing at ${PREFIX}${what}; there are time and fault`)
  faultDone(control.cluster, order as FaultOrder)
  control.live.heard()
  return timeNow(control)
}

/** The speed before the pause, to go on with. */
const before = new WeakMap<Live, Pace>()

async function timeTold({ speed, resume, advanceMs }: TimeOrder, control: Control): Promise<TimeTold> {
  const { live, cluster, store } = control
  const wanted = resume === true ? (before.get(live) ?? 'real') : speed === undefined ? undefined : paceOf(speed)
  if (wanted === 'paused' && live.speed !== 'paused') before.set(live, live.speed)
  if (advanceMs !== undefined && store !== undefined) await store.advance(advanceMs)
  else if (advanceMs !== undefined) cluster.run(advanceMs)
  if (wanted !== undefined && !(resume === true && live.speed !== 'paused')) live.speed = wanted
  return timeNow(control)
}

const timeNow = ({ live, cluster }: Control): TimeTold => ({
  now: rfc3339(cluster.world.clock('cp-1')),
  virtualMs: Math.round(cluster.now),
  speed: named(live.speed),
})
const named = (pace: Pace): string => (typeof pace === 'string' ? pace : `${pace.times}x`)

const told = (code: number, value: unknown): HttpResponse => ({
  code,
  headers: { 'content-type': 'application/json' },
  body: `${JSON.stringify(value)}\n`,
})
