/**
 * Pods that arrive one after the other: each is placed where the recorded scheduler placed it, and counts from then on.
 * With 100 nodes and more also which nodes are looked at, and where the next pod begins to look.
 */
import { parseTime, rfc3339 } from '../../../machines/lib/time.ts'
import type { Pod } from '../../../machines/protocol/objects.ts'
import { filtered, preFiltered } from '../../../machines/scheduler/attempt.ts'
import { assume, type Cache, podGone } from '../../../machines/scheduler/cache.ts'
import { fitError } from '../../../machines/scheduler/diagnosis.ts'
import { names } from '../../../machines/scheduler/node-order.ts'
import { type PodInfo, podInfoOf } from '../../../machines/scheduler/pod-info.ts'
import { postFiltered } from '../../../machines/scheduler/post-filter.ts'
import { DEFAULT_PROFILE, type Profile } from '../../../machines/scheduler/profile.ts'
import { best, scored } from '../../../machines/scheduler/scoring.ts'
import { cases, type Family, type Judgement } from '../family.ts'
import { admitted, cacheOf, type Recorded, recordsOf } from './records.ts'

interface Step {
  readonly pod: string
  readonly best?: readonly string[]
  readonly total?: readonly number[] | number
  readonly pick?: string
  readonly message?: string
  readonly victims?: readonly string[]
  readonly nominated?: readonly string[]
  readonly nominate?: string
  readonly retryBest?: readonly string[]
  readonly retryMessage?: string
  readonly start?: number
  readonly next?: number
  readonly evaluated?: number
  readonly feasible?: number
}
interface Sequence extends Recorded {
  readonly arrivals: readonly (readonly [pod: string, template: string])[]
  readonly templates: Readonly<Record<string, Pod>>
}
/** With those whom they preempt, who are gone at once. */
export const sequences: Family = cases(
  'scheduler',
  'cases/sequences',
  (folder) => recordsOf<Sequence>(folder, 'sequences'),
  (record) => run(record, record.expect as unknown as Step[]),
)
export const samplings: Family = cases(
  'scheduler',
  'cases/sampling',
  (folder) => recordsOf<Sequence>(folder, 'sampling'),
  (record) => {
    const { nodeOrder, steps } = record.expect as unknown as { nodeOrder: readonly string[]; steps: readonly Step[] }
    const order = names(cacheOf(record).order)
    if (order.join() === nodeOrder.join()) return run(record, steps)
    return { name: record.name, differences: [`nodes in the order ${order}, not ${nodeOrder}`] }
  },
)

/** After the first difference the rest of a sequence means nothing. */
function run(record: Sequence, steps: readonly Step[]): Judgement {
  const { percentageOfNodesToScore = 0 } = (record.config ?? {}) as { percentageOfNodesToScore?: number }
  const profile = { ...DEFAULT_PROFILE, percentageOfNodesToScore }
  const { name } = record
  let cache = cacheOf(record)
  let start = 0
  for (const [i, step] of steps.entries()) {
    const pod = podOf(record, step.pod)
    const ours = tried(pod, cache, start, profile)
    let misses = differences(step, ours)
    start = ours.next
    if (step.victims !== undefined) {
      cache = preempted(cache, step)
      const { best = [], message } = tried(nominatedTo(pod, step.nominate as string), cache, start, profile)
      const retried = { retryBest: best, ...(message === undefined ? {} : { retryMessage: message }) }
      misses = [...misses, ...differences(step, retried)]
    }
    if (misses.length > 0) return { name, differences: misses }
    const place = step.pick ?? step.retryBest?.[0]
    if (place !== undefined) cache = assume(cache, started(pod, i), place)
  }
  return { name, differences: [] }
}

const differences = (step: Step, ours: object): readonly string[] =>
  Object.entries(step).flatMap(([what, expected]) => {
    const mine = (ours as Record<string, unknown>)[what]
    if (mine === undefined || JSON.stringify(mine) === JSON.stringify(expected)) return []
    return [`${step.pod} ${what}: ${JSON.stringify(mine)} is not ${JSON.stringify(expected)}`]
  })

const preempted = (cache: Cache, { victims = [] }: Step): Cache =>
  victims.reduce((left, victim) => podGone(left, `default/${victim}`), cache)

const nominatedTo = ({ pod }: PodInfo, nominatedNodeName: string): PodInfo =>
  podInfoOf({ ...pod, status: { ...pod.status, nominatedNodeName } } as Pod)

/** It runs since so many seconds after one o'clock. */
function started({ pod }: PodInfo, i: number): PodInfo {
  const startTime = rfc3339(parseTime('2024-01-01T01:00:00Z') + i * 1_000)
  return podInfoOf({ ...pod, status: { ...pod.status, startTime } } as Pod)
}

function podOf({ arrivals, templates }: Sequence, name: string): PodInfo {
  const template = templates[arrivals.find(([pod]) => pod === name)?.[1] ?? ''] as Pod
  const metadata = { ...template.metadata, name, uid: `default-${name}` }
  return podInfoOf(admitted({ ...template, metadata } as Pod))
}

interface Outcome extends Partial<Step> {
  readonly next: number
}
function tried(pod: PodInfo, cache: Cache, start: number, profile: Profile): Outcome {
  const pre = preFiltered(pod, cache, profile)
  const found = filtered(pod, cache, pre, start, profile)
  const feasible = [...found.feasible].sort((a, b) => (a.name < b.name ? -1 : 1))
  const where = { start, next: found.next, feasible: feasible.length }
  const evaluated = feasible.length + Object.keys(found.rejected).length
  if (feasible.length === 0) {
    const after = postFiltered({ pod, snapshot: cache, preFiltered: pre, filtered: found, profile })
    const victims = after.best.map((one) => one.victims.map(({ pod }) => pod.metadata.name).sort())[0]
    const nominated = after.best.map(({ node }) => node).sort()
    const message = fitError(cache.order.places.size, pre, found, after.message)
    return { ...where, message, ...(victims === undefined ? {} : { victims, nominated }) }
  }
  const { totals } = scored(pod, cache, feasible, profile)
  const chosen = (feasible.length === 1 ? feasible : best(feasible, totals)).map(({ name }) => name).sort()
  const total = feasible.length === 1 ? {} : { total: totals }
  return { ...where, evaluated, best: chosen, pick: chosen[0] as string, ...total }
}
