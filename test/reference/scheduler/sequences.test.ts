/**
 * Pods that arrive one after the other: each is placed where the recorded scheduler placed it, and counts from then on.
 * With 100 nodes and more also which nodes are looked at, and where the next pod begins to look.
 */
import { describe, expect, test } from 'vitest'
import type { Pod } from '../../../machines/protocol/objects.ts'
import { best, filtered, preFiltered, scored } from '../../../machines/scheduler/attempt.ts'
import { assume, type Cache } from '../../../machines/scheduler/cache.ts'
import { fitError } from '../../../machines/scheduler/diagnosis.ts'
import { names } from '../../../machines/scheduler/node-order.ts'
import { type PodInfo, podInfoOf } from '../../../machines/scheduler/pod-info.ts'
import { postFiltered } from '../../../machines/scheduler/post-filter.ts'
import { DEFAULT_PROFILE } from '../../../machines/scheduler/profile.ts'
import { admitted, cacheOf, folder, type Recorded, recordsOf } from './records.ts'

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
interface Run {
  readonly matched: number
  readonly steps: number
  readonly misses: readonly string[]
  readonly left: number
}

describe.skipIf(folder === undefined)('pods come one after the other (ORRERY_REFERENCE names the folder)', () => {
  test('each is placed as recorded, up to the first preemption', () => {
    const runs = recordsOf<Sequence>('sequences').map((record) => run(record, record.expect as unknown as Step[]))
    report('sequences', runs)
  })
  test('of many nodes the same ones are looked at', () => {
    const runs = recordsOf<Sequence>('sampling').map((record) => {
      const { nodeOrder, steps } = record.expect as unknown as { nodeOrder: string[]; steps: Step[] }
      expect(names(cacheOf(record).order)).toEqual(nodeOrder)
      return run(record, steps)
    })
    report('sampling', runs)
  })
})

function report(file: string, runs: readonly Run[]): void {
  const sum = (of: (one: Run) => number) => runs.reduce((total, one) => total + of(one), 0)
  console.log(
    `${file}: matched ${sum((one) => one.matched)} of ${sum((one) => one.steps)}; not tried ${sum((one) => one.left)}`,
  )
  expect(runs.flatMap(({ misses }) => misses)).toEqual([])
}

function run(record: Sequence, steps: readonly Step[]): Run {
  const { percentageOfNodesToScore = 0 } = (record.config ?? {}) as { percentageOfNodesToScore?: number }
  let cache = cacheOf(record)
  let start = 0
  const misses: string[] = []
  for (const [i, step] of steps.entries()) {
    if (step.victims !== undefined) return { matched: i - misses.length, steps: i, misses, left: steps.length - i }
    const pod = podOf(record, step.pod)
    const ours = tried(pod, cache, start, percentageOfNodesToScore)
    for (const [what, expected] of Object.entries(step)) {
      const mine = (ours as Record<string, unknown>)[what]
      if (mine !== undefined && JSON.stringify(mine) !== JSON.stringify(expected))
        misses.push(`${record.name} ${step.pod} ${what}: ${JSON.stringify(mine)} is not ${JSON.stringify(expected)}`)
    }
    if (misses.length > 0) return { matched: i, steps: i + 1, misses, left: steps.length - i - 1 }
    start = ours.next
    if (step.pick !== undefined) cache = assume(cache, pod, step.pick)
  }
  return { matched: steps.length, steps: steps.length, misses, left: 0 }
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
