/** NodeResourcesBalancedAllocation: likes nodes whose resources would be used to the same share. */
import type { Plugin } from '../framework.ts'
import type { NodeInfo } from '../node-info.ts'
import { asked, capacityOf, type ResourceSpec, usedOf } from '../scoring-strategy.ts'

export interface BalancedAllocationArgs {
  readonly resources: readonly ResourceSpec[]
}

export const nodeResourcesBalancedAllocation = ({
  resources,
}: BalancedAllocationArgs): Plugin<unknown, readonly number[]> => ({
  name: 'NodeResourcesBalancedAllocation',
  sign: ({ requests, nonZero }) => [requests, nonZero],
  preScore: (pod) => ({ state: asked(pod, resources, false) }),
  /** balancedResourceScorer: the standard deviation of the shares. The product is not exact: 0.29 × 100 is less than 29. */
  score: (_, node, asks) => Math.trunc((1 - deviation(sharesOf(node, resources, asks))) * 100),
})

function sharesOf(node: NodeInfo, resources: readonly ResourceSpec[], asks: readonly number[]): readonly number[] {
  const shares: number[] = []
  for (let i = 0; i < resources.length; i++) {
    const { name } = resources[i] as ResourceSpec
    const ask = asks[i] as number
    const capacity = capacityOf(node, name, ask)
    if (capacity !== 0) shares.push(Math.min(1, (usedOf(node, name, false) + ask) / capacity))
  }
  return shares
}

/** Of two shares, half their distance. */
function deviation(shares: readonly number[]): number {
  if (shares.length < 2) return 0
  if (shares.length === 2) return Math.abs(((shares[0] as number) - (shares[1] as number)) / 2)
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length
  const squares = shares.reduce((sum, share) => sum + (share - mean) * (share - mean), 0)
  return Math.sqrt(squares / shares.length)
}
