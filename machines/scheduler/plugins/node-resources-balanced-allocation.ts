/** NodeResourcesBalancedAllocation: likes nodes whose cpu and memory would be used to the same share. */
import type { Plugin } from '../framework.ts'

export const nodeResourcesBalancedAllocation: Plugin = {
  name: 'NodeResourcesBalancedAllocation',
  /** balancedResourceScorer: of two shares, the standard deviation is half their distance. */
  score({ requests }, { allocatable, requested }) {
    const cpu = share(requested.milliCpu + requests.milliCpu, allocatable.milliCpu)
    const memory = share(requested.memoryBytes + requests.memoryBytes, allocatable.memoryBytes)
    const deviation = cpu === undefined || memory === undefined ? 0 : Math.abs((cpu - memory) / 2)
    return Math.trunc((1 - deviation) * 100)
  },
}

const share = (used: number, capacity: number): number | undefined =>
  capacity === 0 ? undefined : Math.min(1, used / capacity)
