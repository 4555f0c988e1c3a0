/** How many nodes that fit are enough: in large clusters not every node is looked at (schedule_one.go). */
const FEWEST_TO_FIND = 100
const LEAST_PERCENTAGE = 5

/** numFeasibleNodesToFind. A percentage of 0 adapts: 50 % of a small cluster, 5 % of one of 5,625 nodes and more. */
export function feasibleNodesToFind(nodes: number, percentage: number): number {
  if (nodes < FEWEST_TO_FIND) return nodes
  const share = percentage === 0 ? Math.max(LEAST_PERCENTAGE, 50 - Math.trunc(nodes / 125)) : percentage
  return Math.max(FEWEST_TO_FIND, Math.trunc((nodes * share) / 100))
}
