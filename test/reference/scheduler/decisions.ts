/**
 * Single decisions of kube-scheduler v1.32.5, pod by pod: who rejects which node and why, what each plugin scores, the
 * totals, the best nodes, the message.
 */
import type { Pod } from '../../../machines/protocol/objects.ts'
import { best, filtered, preFiltered, type Rejection, scored } from '../../../machines/scheduler/attempt.ts'
import type { Cache } from '../../../machines/scheduler/cache.ts'
import { fitError, NO_NODES, rejectingPlugins } from '../../../machines/scheduler/diagnosis.ts'
import { schedulingGates } from '../../../machines/scheduler/plugins/scheduling-gates.ts'
import { type PodInfo, podInfoOf } from '../../../machines/scheduler/pod-info.ts'
import { postFiltered } from '../../../machines/scheduler/post-filter.ts'
import { DEFAULT_PROFILE } from '../../../machines/scheduler/profile.ts'
import { cases, type Family } from '../family.ts'
import { type Answer, admitted, cacheOf, type Listed, type Recorded, recordsOf } from './records.ts'

const FILES: readonly string[] = [
  'resources',
  'node-name-unschedulable',
  'taints',
  'node-affinity',
  'node-ports',
  'scoring-resources',
  'image-locality',
  'pod-affinity-required',
  'pod-affinity-preferred',
  'pod-affinity-namespaces',
  'pod-affinity-labelkeys',
  'scheduling-gates',
  'topology-spread-hard',
  'topology-spread-soft',
  'topology-spread-both',
  'topology-spread-defaults',
  'edge',
  'mixed',
]
export const decisions: readonly Family[] = FILES.map((file) =>
  cases(
    'scheduler',
    `cases/${file}`,
    (folder) => recordsOf(folder, file)?.flatMap(asked),
    ({ record, pod, key, expected }) => {
      const ours = decided(podInfoOf(admitted(pod, expected.admittedAffinity)), cacheOf(record))
      return { name: `${record.name} ${key}`, differences: differences(ours, expected) }
    },
  ),
)

interface Asked {
  readonly record: Recorded
  readonly pod: Pod
  readonly key: string
  readonly expected: Answer
}
const asked = (record: Recorded): readonly Asked[] =>
  record.pods.flatMap((pod) => {
    const key = `${pod.metadata.namespace ?? 'default'}/${pod.metadata.name}`
    const expected = record.expect[key]
    return expected === undefined ? [] : [{ record, pod, key, expected }]
  })

function decided(pod: PodInfo, cache: Cache): Answer {
  const gates = schedulingGates.preEnqueue?.(pod)
  if (gates !== undefined) return { preEnqueue: { plugin: schedulingGates.name, ...gates } }
  const nodes = cache.order.places.size
  if (nodes === 0) return { message: NO_NODES }
  const pre = preFiltered(pod, cache)
  const found = pre.rejection === undefined ? filtered(pod, cache, pre, 0, DEFAULT_PROFILE) : undefined
  const feasible = [...(found?.feasible ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1))
  const filter = listed(found?.rejected ?? {})
  if (feasible.length === 0) {
    const { message } = postFiltered(pod, cache, found)
    return { filter, message: fitError(nodes, pre, found, message), unschedulablePlugins: rejectingPlugins(pre, found) }
  }
  const names = feasible.map(({ name }) => name)
  if (feasible.length === 1) return { filter, feasible: names, best: names }
  const { totals, byPlugin, error } = scored(pod, cache, feasible)
  if (error !== undefined) return { filter, message: `running PreScore plugin "${error.plugin}": ${error.reasons}` }
  const scores: Record<string, { raw: number[]; norm: number[] }> = {}
  for (const [plugin, { raw, normalized }] of Object.entries(byPlugin))
    scores[plugin] = { raw: [...raw], norm: [...normalized] }
  return { filter, feasible: names, scores, total: totals, best: best(feasible, totals).map(({ name }) => name) }
}

function listed(rejected: Readonly<Record<string, Rejection>>): Listed[] {
  return Object.keys(rejected)
    .sort()
    .map((node) => {
      const { plugin, code, reasons } = rejected[node] as Rejection
      return [plugin, code, reasons, [node]] as Listed
    })
}

function differences(ours: Answer, expected: Answer): string[] {
  const wrong: string[] = []
  const check = (what: string, mine: unknown, theirs: unknown): void => {
    if (JSON.stringify(mine) !== JSON.stringify(theirs))
      wrong.push(`${what}: ${JSON.stringify(mine)} is not ${JSON.stringify(theirs)}`)
  }
  check('preEnqueue', ours.preEnqueue?.reasons, expected.preEnqueue?.reasons)
  check('filter', byNode(ours.filter ?? []), byNode(expected.filter ?? []))
  check('feasible', ours.feasible, expected.feasible)
  for (const plugin of new Set([...Object.keys(ours.scores ?? {}), ...Object.keys(expected.scores ?? {})])) {
    const theirs = expected.scores?.[plugin]
    const width = expected.feasible?.length ?? 0
    check(`${plugin} raw`, ours.scores?.[plugin]?.raw, spread(theirs?.raw, width))
    check(`${plugin} norm`, ours.scores?.[plugin]?.norm, spread(theirs?.norm ?? theirs?.raw, width))
  }
  check('total', ours.total, spread(expected.total, expected.feasible?.length ?? 0))
  check('best', ours.best && [...ours.best].sort(), expected.best && [...expected.best].sort())
  check('message', ours.message, expected.message)
  if (expected.unschedulablePlugins !== undefined)
    check('plugins', ours.unschedulablePlugins, [...expected.unschedulablePlugins].sort())
  return wrong
}

const spread = (scores: number | readonly number[] | undefined, width: number): readonly number[] | undefined =>
  typeof scores === 'number' ? Array.from({ length: width }, () => scores) : scores

const byNode = (list: readonly Listed[]): Record<string, unknown> =>
  Object.fromEntries(
    list
      .flatMap(([plugin, code, reasons, nodes]) => nodes.map((node) => [node, [plugin, code, reasons]] as const))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
