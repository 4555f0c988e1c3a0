/** What a scheduler says of a pod, as lines of a terminal. */
import { aligned } from '../machines/lib/table/printed.ts'
import type { Explanation, NodeExplained } from '../machines/scheduler/explain.ts'
import { paint } from './terminal.ts'

/** @param node where it went; undefined: that is not known, or nowhere */
export function inLines(of: Explanation, node?: string): readonly string[] {
  return [paint('bold', headline(of, node)), ...preempting(of), '', table(of), '']
}

function headline({ pod, best, message, gated }: Explanation, node: string | undefined): string {
  if (gated !== undefined) return `${pod} is not queued: ${gated.reasons.join(', ')}`
  if (message !== undefined) return `${pod} fits nowhere: ${message}`
  if (node !== undefined && best.length > 1) return `${pod} went to ${node}; as good were ${others(best, node)}`
  if (node !== undefined) return `${pod} went to ${node}`
  return best.length === 1 ? `${pod} goes to ${best[0]}` : `${pod} goes to any of ${best.join(', ')}`
}

const others = (best: readonly string[], node: string): string => best.filter((one) => one !== node).join(', ')

const preempting = ({ preemption }: Explanation): readonly string[] =>
  preemption.map(
    ({ node, victims, best }) =>
      `${best ? '* ' : '  '}on ${node} it would evict ${victims.join(', ')}${best ? ', which costs least' : ''}`,
  )

/** Those that fit first, the best at the top. */
function table({ nodes, best }: Explanation): string {
  const plugins = [...new Set(nodes.flatMap(({ scores }) => Object.keys(scores)))]
  const sorted = [...nodes].sort((a, b) => rank(b) - rank(a))
  const rows = sorted.map((node) => [
    best.includes(node.node) ? `* ${node.node}` : `  ${node.node}`,
    node.total === undefined ? '' : String(node.total),
    ...plugins.map((plugin) => {
      const score = node.scores[plugin]
      return score === undefined ? '' : `${score.normalized}×${score.weight}`
    }),
    why(node),
  ])
  return aligned([['  NODE', 'TOTAL', ...plugins.map((plugin) => plugin.toUpperCase()), 'WHY NOT'], ...rows]).trimEnd()
}
const rank = ({ fits, total = 0 }: NodeExplained): number => (fits ? 1 + total : 0)

function why({ filter, besideNominated, passedOver, fits }: NodeExplained): string {
  if (passedOver) return 'enough other nodes fit'
  const rejections = Object.entries(filter).flatMap(([plugin, said]) =>
    said === 'passed' ? [] : [`${plugin}: ${said.reasons.join(', ')}`],
  )
  if (besideNominated !== undefined) rejections.push(`${besideNominated.reasons.join(', ')} (beside nominated pods)`)
  if (rejections.length > 0) return rejections.join('; ')
  return fits ? '' : 'ruled out before any node was looked at'
}
