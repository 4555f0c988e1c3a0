/**
 * Traces of the scheduling queue: where each pod lies after each step. The recorded queue also remembers what happened
 * while a pod is being tried; here an attempt decides at once, so the test replays those events when the attempt ends.
 */
import type { Node, Pod } from '../../../machines/protocol/objects.ts'
import { EMPTY_CACHE } from '../../../machines/scheduler/cache.ts'
import type { ClusterEvent, Happened } from '../../../machines/scheduler/cluster-events.ts'
import { mayHelp } from '../../../machines/scheduler/hints.ts'
import { moved } from '../../../machines/scheduler/intake.ts'
import {
  arrived,
  backOffFlushed,
  backOffMs,
  EMPTY_QUEUE,
  hopeful,
  popped,
  type Queue,
  type QueuedPod,
  rejected,
  removed,
  unschedulableFlushed,
} from '../../../machines/scheduler/queue.ts'
import { node as plain, pod as plainPod } from '../../unit/machines/scheduler/cluster.ts'
import { cases, type Family } from '../family.ts'
import { type Recorded, recordsOf } from './records.ts'

interface Step {
  readonly op: 'add' | 'pop' | 'tick' | 'event' | 'unschedulable' | 'bound'
  readonly t: number
  readonly pod?: string
  readonly popped?: string
  readonly plugins?: readonly string[]
  readonly backoff?: number
  readonly event?: ClusterEvent
  readonly what?: string
  readonly state: Readonly<Record<string, readonly string[]>>
}
interface Asked {
  readonly nodeSelector?: Record<string, string>
  readonly priority?: number
  readonly gated?: boolean
}
interface Trace extends Omit<Recorded, 'pods'> {
  readonly ops: readonly Step[]
  readonly pods: Readonly<Record<string, Asked>>
}

export const queues: Family = cases(
  'scheduler',
  'cases/queue',
  (folder) => recordsOf<Trace & Recorded>(folder, 'queue') as unknown as readonly Trace[] | undefined,
  (trace) => ({ name: trace.name, differences: differencesIn(trace) }),
)

/** Every pod lies where it was recorded, after every step; told is the first step that differs. */
function differencesIn(trace: Trace): readonly string[] {
  let queue = EMPTY_QUEUE
  const since: Record<string, (Happened | 'flush')[]> = {}
  for (const [i, step] of trace.ops.entries()) {
    const before = queue
    queue = after(queue, step, trace, since)
    const wrong = wrongIn(queue, before, step)
    if (wrong !== undefined) return [`step ${i} ${step.op}: ${wrong}`]
  }
  return []
}

function wrongIn(queue: Queue, before: Queue, { op, state, popped: next, backoff, pod }: Step): string | undefined {
  const [ours, theirs] = [JSON.stringify(stateOf(queue)), JSON.stringify(sorted(state))]
  if (ours !== theirs) return `${ours} is not ${theirs}`
  const first = popped(before)?.[0].key
  if (op === 'pop' && next !== undefined && first !== `default/${next}`) return `${first} comes first, not ${next}`
  const backOff = backOffMs(queue.pods.get(`default/${pod}`)?.attempts ?? 0)
  return backoff === undefined || backOff === backoff * 1_000 ? undefined : `backs off ${backOff} ms, not ${backoff} s`
}

function after(queue: Queue, step: Step, { pods }: Trace, since: Record<string, (Happened | 'flush')[]>): Queue {
  const at = step.t * 1_000
  const key = `default/${step.pod}`
  switch (step.op) {
    case 'add':
      return arrived(queue, podOf(step.pod as string, pods), at, gateOf(pods[step.pod as string]))
    case 'pop': {
      const taken = popped(queue)
      if (taken === undefined) return queue
      since[taken[0].key] = []
      return taken[1]
    }
    case 'bound':
      delete since[key]
      return removed(queue, key)
    case 'tick': {
      if (isFlushed(queue, at)) for (const events of Object.values(since)) events.push('flush')
      return unschedulableFlushed(backOffFlushed(queue, at), at)
    }
    case 'event': {
      const happened = happenedOf(step)
      for (const events of Object.values(since)) events.push(happened)
      return moved({ cache: EMPTY_CACHE, queue }, [happened], at).queue
    }
    case 'unschedulable': {
      const again = rejected(queue, key, step.plugins ?? [], at)
      const waiting = again.pods.get(key)
      const helped = waiting !== undefined && (since[key] ?? []).some((one) => helps(waiting, one))
      delete since[key]
      return helped ? hopeful(again, key, at) : again
    }
  }
}

/** A flush is an event that gives hope to all; pods with gates are flushed too, in vain. */
const helps = (waiting: QueuedPod, one: Happened | 'flush') =>
  waiting.rejectedBy.length > 0 && (one === 'flush' || mayHelp(waiting, one, EMPTY_CACHE))
const isFlushed = ({ pods }: Queue, at: number) =>
  pods.values().some(({ lane, since }) => (lane === 'unschedulable' || lane === 'gated') && since < at - 300_000)

const gateOf = (asked: Asked | undefined) => (asked?.gated === true ? 'SchedulingGates' : undefined)

function podOf(name: string, pods: Trace['pods']): Pod {
  const { nodeSelector, priority } = pods[name] as Asked
  const containers = [{ name: 'c', resources: { requests: { cpu: '2' } } }]
  const spec = { containers, priority: priority ?? 0, ...(nodeSelector === undefined ? {} : { nodeSelector }) }
  return plainPod(name, { spec } as object)
}

const nodeOf = (cpu: string, labels: object = {}, spec: object = {}): Node =>
  plain('n', { metadata: { labels }, spec, status: { allocatable: { cpu, memory: '8Gi', pods: '110' } } } as object)
const TAINTED = { taints: [{ key: 'x', effect: 'NoSchedule' }] }
const SSD = { disk: 'ssd' }
const CHANGES: Readonly<Record<string, { was?: Node | Pod; now?: Node | Pod }>> = {
  'node allocatable cpu 1 -> 3': { was: nodeOf('1'), now: nodeOf('3') },
  'node label disk=ssd added to a 4 cpu node': { was: nodeOf('4'), now: nodeOf('4', SSD) },
  'node added: 1 cpu, label disk=ssd': { now: nodeOf('1', SSD) },
  'node added: 4 cpu, no labels, no taints': { now: nodeOf('4') },
  'taint x:NoSchedule removed from a 4 cpu node': { was: nodeOf('4', {}, TAINTED), now: nodeOf('4') },
  'assigned pod deleted (cpu 1)': { was: plainPod('gone', { spec: { nodeName: 'n' } }) },
}
const happenedOf = ({ event, what }: Step): Happened => ({ event: event as ClusterEvent, ...CHANGES[what as string] })

function stateOf(queue: Queue): Record<string, string[]> {
  const state: Record<string, string[]> = {}
  queue.pods.each(({ lane, pod }) => {
    const { name } = pod.metadata
    if (lane === 'active') state['active'] = [...(state['active'] ?? []), name]
    if (lane === 'backingOff') state['backoff'] = [...(state['backoff'] ?? []), name]
    if (lane === 'unschedulable') state['unschedulable'] = [...(state['unschedulable'] ?? []), name]
    if (lane === 'gated') state['unschedulable'] = [...(state['unschedulable'] ?? []), `${name}(gated)`]
  })
  return sorted(state)
}

const sorted = (state: Readonly<Record<string, readonly string[]>>): Record<string, string[]> =>
  Object.fromEntries(
    Object.keys(state)
      .sort()
      .map((lane) => [lane, [...(state[lane] ?? [])].sort()]),
  )
