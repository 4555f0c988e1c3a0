/** Asks one plugin about small clusters. */
import type { Cache } from '../../../../../machines/scheduler/cache.ts'
import type { Noted, Plugin, Verdict } from '../../../../../machines/scheduler/framework.ts'
import { podInfoOf } from '../../../../../machines/scheduler/pod-info.ts'
import { infoOf, nodesInOrder, pod } from '../cluster.ts'

const web = (spec: object, labels: object) => podInfoOf(pod('web', { metadata: { labels }, spec } as object))
const stateOf = <S>(noted: Noted<S> | undefined): S | undefined =>
  noted !== undefined && 'state' in noted ? noted.state : undefined

/** Whether the pod may go to the node: `''`, or the reasons why not. */
export function rejection<F, S>(
  plugin: Plugin<F, S>,
  spec: object,
  cache: Cache,
  name: string,
  labels: object = {},
): string {
  const info = web(spec, labels)
  const state = stateOf(plugin.preFilter?.(info, cache)) as F
  const verdict: Verdict | undefined = plugin.filter?.(info, infoOf(cache, name), state)
  return verdict?.reasons.join(', ') ?? ''
}

/** What PreFilter or PreScore says: `skip`, a rejection, or that it takes part. */
export function part<F, S>(plugin: Plugin<F, S>, phase: 'preFilter' | 'preScore', spec: object, cache: Cache): string {
  const info = web(spec, {})
  const noted =
    phase === 'preFilter' ? plugin.preFilter?.(info, cache) : plugin.preScore?.(info, cache, nodesInOrder(cache))
  if (noted === undefined || 'skip' in noted) return 'skip'
  return 'verdict' in noted
    ? `${noted.verdict.code}: ${noted.verdict.reasons.join(', ')}`
    : `on ${noted.nodes ?? 'all'}`
}

/** Scores of all nodes in order, raw and normalized. */
export function scores<F, S>(plugin: Plugin<F, S>, spec: object, cache: Cache, labels: object = {}) {
  const info = web(spec, labels)
  const nodes = nodesInOrder(cache)
  const noted: Noted<S> | undefined = plugin.preScore?.(info, cache, nodes)
  const state = (plugin.preScore === undefined ? cache : stateOf(noted)) as S
  const raw = plugin.scoreEach?.(info, nodes, state) ?? nodes.map((node) => plugin.score?.(info, node, state) ?? 0)
  return { raw, normalized: plugin.normalize?.(raw, state, nodes) ?? raw }
}
