/**
 * Single decisions of kube-scheduler v1.32.5, pod by pod: who rejects which node and why, what each plugin scores, the
 * totals, the best nodes, the message.
 */
import type { Pod } from '../../../machines/protocol/objects.ts'
import { filtered, preFiltered } from '../../../machines/scheduler/attempt.ts'
import type { Cache } from '../../../machines/scheduler/cache.ts'
import { readConfiguration } from '../../../machines/scheduler/configuration/configuration.ts'
import { inWords } from '../../../machines/scheduler/configuration/reading.ts'
import { fitError, NO_NODES, rejectingPlugins } from '../../../machines/scheduler/diagnosis.ts'
import type { Rejection } from '../../../machines/scheduler/filtering.ts'
import { schedulingGates } from '../../../machines/scheduler/plugins/scheduling-gates.ts'
import { type PodInfo, podInfoOf } from '../../../machines/scheduler/pod-info.ts'
import { type PostFiltered, postFiltered } from '../../../machines/scheduler/post-filter.ts'
import { type Candidate, displacedBy } from '../../../machines/scheduler/preemption.ts'
import { DEFAULT_PROFILE, type Profile } from '../../../machines/scheduler/profile.ts'
import { best, scored } from '../../../machines/scheduler/scoring.ts'
import { cases, type Family } from '../family.ts'
import {
  type Answer,
  admitted,
  cacheOf,
  type Listed,
  type PostFilterAnswer,
  type Recorded,
  recordsOf,
} from './records.ts'

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
  'preemption',
  'preemption-pdb',
  'preemption-nominated',
  'config-variants',
  'volume-binding',
  'volume-restrictions',
  'volume-zone',
  'edge',
  'mixed',
]
export const decisions: readonly Family[] = FILES.map((file) =>
  cases(
    'scheduler',
    `cases/${file}`,
    (folder) => recordsOf(folder, file)?.flatMap(asked),
    ({ record, pod, key, expected }) => {
      const ours = decided(podInfoOf(admitted(pod, expected.admittedAffinity)), cacheOf(record), profileOf(record))
      return { name: `${record.name} ${key}`, differences: differences(ours, expected) }
    },
  ),
)

/** All of them, whichever file they are in. */
export const decisionsIn = (folder: string): readonly Asked[] =>
  FILES.flatMap((file) => recordsOf(folder, file)?.flatMap(asked) ?? [])

export interface Asked {
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

/** Of most records the default one. */
export function profileOf({ config }: Recorded): Profile {
  if (config === undefined) return DEFAULT_PROFILE
  const { configuration, problems } = readConfiguration(config)
  if (configuration === undefined) throw new Error(problems.map(inWords).join('\n'))
  return configuration.profiles[0] as Profile
}

function decided(pod: PodInfo, cache: Cache, profile = DEFAULT_PROFILE): Answer {
  const gates = schedulingGates.preEnqueue?.(pod)
  if (gates !== undefined) return { preEnqueue: { plugin: schedulingGates.name, ...gates } }
  const nodes = cache.order.places.size
  if (nodes === 0) return { message: NO_NODES }
  const pre = preFiltered(pod, cache, profile)
  const found = pre.rejection === undefined ? filtered(pod, cache, pre, 0, profile) : undefined
  if (found?.asNominated === true) {
    // The recordings list what the plugins say of all nodes, although in this case nobody asks them.
    const elsewhere = { ...pod, pod: { ...pod.pod, status: {} } }
    const all = filtered(elsewhere, cache, pre, 0, profile)
    const names = all.feasible.map(({ name }) => name).sort()
    const best = found.feasible.map(({ name }) => name)
    return { filter: listed(all.rejected), feasible: names, best, viaNominatedNode: true }
  }
  const feasible = [...(found?.feasible ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1))
  const filter = listed(found?.rejected ?? {})
  if (feasible.length === 0) {
    const postFilter = postFiltered({ pod, snapshot: cache, preFiltered: pre, filtered: found, profile })
    const message = fitError(nodes, pre, found, postFilter.message)
    return {
      filter,
      message,
      unschedulablePlugins: rejectingPlugins(pre, found),
      postFilter: answerOf(postFilter, pod, cache),
    }
  }
  const names = feasible.map(({ name }) => name)
  if (feasible.length === 1) return { filter, feasible: names, best: names }
  const { totals, byPlugin, error } = scored(pod, cache, feasible, profile)
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

/** As recorded: the mode says whether the nomination is overridden. */
function answerOf(
  { best, candidates, nominate, message, rejected, hopeless }: PostFiltered,
  pod: PodInfo,
  cache: Cache,
) {
  const nominated = best.map(({ node }) => node).sort()
  const cleared = hopeless ? [pod.key] : displacedBy(pod, nominated[0] ?? '', cache).map(({ key }) => key)
  const decides = nominate !== undefined || candidates.length > 0
  return {
    code: candidates.length > 0 ? 'Success' : 'Unschedulable',
    ...(decides ? { mode: 'Override' } : { ineligible: message.replace('preemption: ', '') }),
    ...(candidates.length > 0 ? { nominated } : {}),
    ...(candidates.length > 0 ? { candidates: Object.fromEntries(candidates.map(candidateOf).sort()) } : {}),
    noHelp: listed(rejected),
    clearsNominationOf: cleared.sort(),
  }
}
const candidateOf = ({ node, victims, violations }: Candidate) =>
  [node, { victims: victims.map(({ key }) => key), pdbViolations: violations }] as const

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
  check('via the nominated node', ours.viaNominatedNode, expected.viaNominatedNode)
  checkPostFilter(ours.postFilter, expected.postFilter, check)
  if (expected.unschedulablePlugins !== undefined)
    check('plugins', ours.unschedulablePlugins, [...expected.unschedulablePlugins].sort())
  return wrong
}

function checkPostFilter(
  ours: PostFilterAnswer | undefined,
  expected: PostFilterAnswer | undefined,
  check: (what: string, mine: unknown, theirs: unknown) => void,
): void {
  if (expected === undefined) return
  for (const what of ['code', 'mode', 'ineligible', 'nominated'] as const)
    check(what, ours?.[what] ?? null, expected[what] ?? (what === 'mode' ? (ours?.mode ?? null) : null))
  const violating = Object.entries(expected.candidates ?? {}).map(([node, { victims, pdbViolations = 0 }]) => [
    node,
    { victims, pdbViolations },
  ])
  check('candidates', Object.entries(ours?.candidates ?? {}), violating)
  check('no help', byNode(ours?.noHelp ?? []), byNode(expected.noHelp ?? []))
  check('clears', ours?.clearsNominationOf, [...(expected.clearsNominationOf ?? [])].sort())
}

export const spread = (scores: number | readonly number[] | undefined, width: number): readonly number[] | undefined =>
  typeof scores === 'number' ? Array.from({ length: width }, () => scores) : scores

const byNode = (list: readonly Listed[]): Record<string, unknown> =>
  Object.fromEntries(
    list
      .flatMap(([plugin, code, reasons, nodes]) => nodes.map((node) => [node, [plugin, code, reasons]] as const))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
