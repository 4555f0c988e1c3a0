/**
 * The same decisions plugin by plugin: what each one says on its own of every node, also of nodes that others rejected
 * before it was asked; whether it skipped; its scores, raw and normalized.
 */
import { filtered, filtersOf, preFiltered } from '../../../machines/scheduler/attempt.ts'
import type { Cache } from '../../../machines/scheduler/cache.ts'
import { isKnown, type KnownNode } from '../../../machines/scheduler/node-info.ts'
import { nominatedOn } from '../../../machines/scheduler/nominations.ts'
import { schedulingGates } from '../../../machines/scheduler/plugins/scheduling-gates.ts'
import { podInfoOf } from '../../../machines/scheduler/pod-info.ts'
import { frameworkOf } from '../../../machines/scheduler/registry.ts'
import { type Scored, scored } from '../../../machines/scheduler/scoring.ts'
import { cases, type Family, type Judgement } from '../family.ts'
import { type Asked, decisionsIn, profileOf, spread } from './decisions.ts'
import { type Answer, admitted, cacheOf, type Listed } from './records.ts'

const PLUGINS = [
  'NodeUnschedulable',
  'NodeName',
  'TaintToleration',
  'NodeAffinity',
  'NodePorts',
  'NodeResourcesFit',
  'VolumeRestrictions',
  'NodeVolumeLimits',
  'VolumeBinding',
  'VolumeZone',
  'PodTopologySpread',
  'InterPodAffinity',
  'NodeResourcesBalancedAllocation',
  'ImageLocality',
] as const

export const plugins: readonly Family[] = PLUGINS.map((plugin) =>
  cases(
    'scheduler',
    `plugins/${plugin}`,
    (folder) => judgedIn(folder)?.get(plugin),
    (judgement) => judgement,
  ),
)

const judged = new Map<string, ReadonlyMap<string, readonly Judgement[]> | undefined>()

/** All plugins are judged in one pass over the recordings. */
function judgedIn(folder: string): ReadonlyMap<string, readonly Judgement[]> | undefined {
  if (!judged.has(folder)) {
    const found = new Map<string, Judgement[]>()
    for (const asked of decisionsIn(folder))
      for (const [plugin, differences] of differencesIn(asked)) {
        const name = `${asked.record.name} ${asked.key}`
        found.set(plugin, [...(found.get(plugin) ?? []), { name, differences }])
      }
    judged.set(folder, found.size === 0 ? undefined : found)
  }
  return judged.get(folder)
}

type ByPlugin = Map<string, string[]>

/** Only plugins that had something to say are among them. */
function differencesIn({ record, pod, expected }: Asked): ByPlugin {
  const found: ByPlugin = new Map()
  const info = podInfoOf(admitted(pod, expected.admittedAffinity))
  const [cache, profile] = [cacheOf(record), profileOf(record)]
  const { active } = expected.preFilter ?? {}
  if (schedulingGates.preEnqueue?.(info) !== undefined || cache.order.places.size === 0) return found
  const pre = preFiltered(info, cache, profile)
  if (pre.rejection !== undefined || expected.preFilter?.status !== undefined) return found
  const say = (plugin: string, wrong: boolean, what: string): void => {
    found.set(plugin, [...(found.get(plugin) ?? []), ...(wrong ? [what] : [])])
  }
  for (const { name } of frameworkOf(profile).preFilter)
    if (name !== 'NodeResourcesFit' && active !== undefined)
      say(name, pre.active.includes(name) !== active.includes(name), `skips: ${!pre.active.includes(name)}`)
  for (const plugin of filtersOf(pre, profile))
    for (const node of nodesOf(expected, cache)) {
      const wanted = verdictOf(expected, plugin.name, node, cache)
      if (wanted === UNKNOWN) continue
      const verdict = plugin.filter?.(info, node, pre.states[plugin.name])
      const ours = verdict && JSON.stringify([verdict.code, verdict.reasons])
      say(plugin.name, ours !== wanted, `of ${node.name}: ${ours}, not ${wanted}`)
    }
  const { feasible } = filtered(info, cache, pre, 0, profile)
  const sorted = [...feasible].sort((a, b) => (a.name < b.name ? -1 : 1))
  if (sorted.length > 1 && expected.scores !== undefined)
    compareScores(scored(info, cache, sorted, profile), expected, say)
  return found
}

/** Nodes of which something was recorded. */
function nodesOf({ filter = [], feasible = [] }: Answer, cache: Cache): readonly KnownNode[] {
  const names = [...feasible, ...filter.flatMap(([, , , nodes]) => nodes)]
  return names.flatMap((name) => {
    const node = cache.nodes.get(name)
    return node !== undefined && isKnown(node) ? [node] : []
  })
}

/** Beside nominated pods a plugin was not asked on its own. */
const UNKNOWN = 'unknown'
function verdictOf(expected: Answer, plugin: string, { name }: KnownNode, { nominations }: Cache): string | undefined {
  const said = (lists: readonly Listed[] = []) => lists.find(([by, , , nodes]) => by === plugin && nodes.includes(name))
  const first = said(expected.filter)
  if (first !== undefined && nominatedOn(nominations, name).size > 0) return UNKNOWN
  const listed = first ?? said(expected.alsoRejects)
  return listed && JSON.stringify([listed[1], listed[2]])
}

function compareScores(
  { byPlugin }: Scored,
  { scores = {}, feasible = [] }: Answer,
  say: (plugin: string, wrong: boolean, what: string) => void,
): void {
  for (const plugin of new Set([...Object.keys(byPlugin), ...Object.keys(scores)])) {
    const [ours, theirs] = [byPlugin[plugin], scores[plugin]]
    const wanted = [theirs?.raw, theirs?.norm ?? theirs?.raw].map((some) => spread(some, feasible.length))
    const mine = [ours?.raw, ours?.normalized]
    say(
      plugin,
      JSON.stringify(mine) !== JSON.stringify(wanted),
      `scores ${JSON.stringify(mine)}, not ${JSON.stringify(wanted)}`,
    )
  }
}
