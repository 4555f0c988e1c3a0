/**
 * An explanation as the annotations that users of kube-scheduler-simulator know: results of all plugins as JSON texts,
 * under the simulator's own keys.
 */

import type { Explanation } from './explain.ts'
import type { Verdict } from './framework.ts'

const KEY = 'kube-scheduler-simulator.sigs.k8s.io'

/** @param selected the node that was taken, if any */
export function simulatorAnnotations(of: Explanation, selected: string | undefined): Readonly<Record<string, string>> {
  const annotations: Record<string, unknown> = {
    'prefilter-result-status': texts(of.preFilter),
    'filter-result': byNode(of, ({ filter }) => untilFirst(filter)),
    'postfilter-result': Object.fromEntries(
      of.preemption.filter(({ best }) => best).map(({ node }) => [node, { DefaultPreemption: 'preemption victim' }]),
    ),
    'score-result': byNode(of, ({ scores }) => mapped(scores, ({ raw }) => String(raw))),
    'finalscore-result': byNode(of, ({ scores }) => mapped(scores, ({ weighted }) => String(weighted))),
  }
  const written = Object.entries(annotations).map(([name, value]) => [`${KEY}/${name}`, JSON.stringify(value)] as const)
  return Object.fromEntries(
    selected === undefined ? written : [...written, [`${KEY}/selected-node`, selected] as const],
  )
}

type Said = 'passed' | 'skipped' | Verdict

/** `passed`, `''` for who skipped, or the reasons. */
const texts = (said: Readonly<Record<string, Said>>): Readonly<Record<string, string>> =>
  mapped(said, (one) => (one === 'skipped' ? '' : one === 'passed' ? 'success' : one.reasons.join(', ')))

/** The simulator asks nobody after the first who rejects. */
function untilFirst(filter: Readonly<Record<string, 'passed' | Verdict>>): Readonly<Record<string, string>> {
  const told: Record<string, string> = {}
  for (const [plugin, said] of Object.entries(filter)) {
    told[plugin] = said === 'passed' ? 'passed' : said.reasons.join(', ')
    if (said !== 'passed') break
  }
  return told
}

const mapped = <A, B>(record: Readonly<Record<string, A>>, of: (value: A) => B): Readonly<Record<string, B>> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, of(value)]))

/** Nodes of which nothing is said are left out. */
const byNode = (
  { nodes }: Explanation,
  of: (node: Explanation['nodes'][number]) => Readonly<Record<string, string>>,
): Readonly<Record<string, Readonly<Record<string, string>>>> =>
  Object.fromEntries(
    nodes.map((node) => [node.node, of(node)] as const).filter(([, said]) => Object.keys(said).length > 0),
  )
