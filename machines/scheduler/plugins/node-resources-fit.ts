/** NodeResourcesFit: the node has room for what the pod asks; emptier nodes are liked better (LeastAllocated). */
import { type Plugin, unschedulable } from '../framework.ts'
import type { KnownNode, NodeInfo } from '../node-info.ts'
import type { PodInfo } from '../pod-info.ts'
import type { Resources } from '../resources.ts'

export const nodeResourcesFit: Plugin = {
  name: 'NodeResourcesFit',
  preFilter: () => ({ state: undefined }),
  filter(pod, node) {
    const missing = insufficient(pod, node)
    return missing.length === 0 ? undefined : unschedulable(...missing)
  },
  score: leastAllocated,
}

/** fitsRequest. What is not asked for may be exceeded already. */
export function insufficient({ requests }: PodInfo, { allowedPods, pods, allocatable, requested }: NodeInfo): string[] {
  const missing = pods.size + 1 > allowedPods ? ['Too many pods'] : []
  const check = (name: string, ask: number, of: (resources: Resources) => number): void => {
    if (ask > 0 && ask > of(allocatable) - of(requested)) missing.push(`Insufficient ${name}`)
  }
  check('cpu', requests.milliCpu, ({ milliCpu }) => milliCpu)
  check('memory', requests.memoryBytes, ({ memoryBytes }) => memoryBytes)
  check('ephemeral-storage', requests.ephemeralStorageBytes, ({ ephemeralStorageBytes }) => ephemeralStorageBytes)
  for (const name of Object.keys(requests.scalar).sort())
    check(name, requests.scalar[name] ?? 0, ({ scalar }) => scalar[name] ?? 0)
  return missing
}

/** leastResourceScorer over cpu and memory, both of weight 1; a resource that the node does not have is left out. */
function leastAllocated({ nonZero }: PodInfo, { allocatable, nonZeroRequested }: KnownNode): number {
  const cpu = nonZeroRequested.milliCpu + nonZero.milliCpu
  const memory = nonZeroRequested.memoryBytes + nonZero.memoryBytes
  let score = 0
  let weights = 0
  if (allocatable.milliCpu > 0) {
    score += freeShare(cpu, allocatable.milliCpu)
    weights++
  }
  if (allocatable.memoryBytes > 0) {
    score += freeShare(memory, allocatable.memoryBytes)
    weights++
  }
  return weights === 0 ? 0 : Math.trunc(score / weights)
}

const freeShare = (used: number, capacity: number): number =>
  used > capacity ? 0 : Math.trunc(((capacity - used) * 100) / capacity)
