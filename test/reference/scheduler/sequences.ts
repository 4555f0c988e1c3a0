/**
 * Pods that arrive one after the other: each is placed where the recorded scheduler placed it, and counts from then on.
 * With 100 nodes and more also which nodes are looked at, and where the next pod begins to look.
 */
import type { Pod } from '../../../machines/protocol/objects.ts'
import { best, filtered, preFiltered, scored } from '../../../machines/scheduler/attempt.ts'
import { assume, type Cache } from '../../../machines/scheduler/cache.ts'
import { fitError } from '../../../machines/scheduler/diagnosis.ts'
import { names } from '../../../machines/scheduler/node-order.ts'
import { type PodInfo, podInfoOf } from '../../../machines/scheduler/pod-info.ts'
import { postFiltered } from '../../../machines/scheduler/post-filter.ts'
import { DEFAULT_PROFILE } from '../../../machines/scheduler/profile.ts'
import { cases, type Family, type Judgement } from '../family.ts'
import { admitted, cacheOf, type Recorded, recordsOf } from './records.ts'

interface Step {
  readonly pod: string
  readonly best?: readonly string[]
  readonly total?: readonly number[] | number
  readonly pick?: string
  readonly message?: string
  readonly victims?: readonly string[]
  readonly start?: number
  readonly next?: number
  readonly evaluated?: number
  readonly feasible?: number
}
interface Sequence extends Recorded {
  readonly arrivals: readonly (readonly [pod: string, template: string])[]
  readonly templates: Readonly<Record<string, Pod>>
}
/** Recorded up to the first preemption, which is not judged here. */
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

function run(record: Sequence, steps: readonly Step[]): Judgement {
  const { percentageOfNodesToScore = 0 } = (record.config ?? {}) as { percentageOfNodesToScore?: number }
  const { name } = record
  let cache = cacheOf(record)
  let start = 0
  for (const step of steps) {
    if (step.victims !== undefined) return { name, differences: [], waitsFor: 'preemption' }
    const pod = podOf(record, step.pod)
    const ours = tried(pod, cache, start, percentageOfNodesToScore)
    const misses = Object.entries(step).flatMap(([what, expected]) => {
      const mine = (ours as Record<string, unknown>)[what]
      if (mine === undefined || JSON.stringify(mine) === JSON.stringify(expected)) return []
      return [`${step.pod} ${what}: ${JSON.stringify(mine)} is not ${JSON.stringify(expected)}`]
    })
    if (misses.length > 0) return { name, differences: misses }
    start = ours.next
    if (step.pick !== undefined) cache = assume(cache, pod, step.pick)
  }
  return { name, differences: [] }
}

function podOf({ arrivals, templates }: Sequence, name: string): PodInfo {
  const template = templates[arrivals.find(([pod]) => pod === name)?.[1] ?? ''] as Pod
  const metadata = { ...template.metadata, name, uid: `default-${name}` }
  return podInfoOf(admitted({ ...template, metadata } as Pod))
}

function tried(pod: PodInfo, cache: Cache, start: number, percentageOfNodesToScore: number) {
  const pre = preFiltered(pod, cache)
  const found = filtered(pod, cache, pre, start, { ...DEFAULT_PROFILE, percentageOfNodesToScore })
  const feasible = [...found.feasible].sort((a, b) => (a.name < b.name ? -1 : 1))
  const where = { start, next: found.next, feasible: feasible.length }
  const evaluated = feasible.length + Object.keys(found.rejected).length
  if (feasible.length === 0) {
    const { message } = postFiltered(pod, cache, found)
    return { ...where, message: fitError(cache.order.places.size, pre, found, message) }
  }
  const { totals } = scored(pod, cache, feasible)
  const chosen = (feasible.length === 1 ? feasible : best(feasible, totals)).map(({ name }) => name).sort()
  const total = feasible.length === 1 ? undefined : totals
  return { ...where, evaluated, best: chosen, pick: chosen[0], total }
}
