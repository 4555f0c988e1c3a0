/**
 * How full a node would be with the pod, as a score (noderesources): the emptier the better, the fuller the better, or
 * along a line that the user draws. Resources count by their weights; what a node does not have is left out, and so is
 * an extended resource that the pod does not ask for.
 */
import { MAX_NODE_SCORE } from './framework.ts'
import type { NodeInfo } from './node-info.ts'
import type { PodInfo } from './pod-info.ts'
import { isScalar } from './resources.ts'

export interface ResourceSpec {
  readonly name: string
  readonly weight: number
}
/** A point of the line: utilization in percent, score from 0 to 10. */
export interface ShapePoint {
  readonly utilization: number
  readonly score: number
}
export interface ScoringStrategy {
  readonly type: 'LeastAllocated' | 'MostAllocated' | 'RequestedToCapacityRatio'
  readonly resources: readonly ResourceSpec[]
  readonly shape?: readonly ShapePoint[]
}

/** What the pod asks of each resource of the strategy, in their order. */
export const asked = (
  { requests, nonZero }: PodInfo,
  resources: readonly ResourceSpec[],
  nonMissing: boolean,
): readonly number[] =>
  resources.map(({ name }) => {
    if (name === 'cpu') return nonMissing ? nonZero.milliCpu : requests.milliCpu
    if (name === 'memory') return nonMissing ? nonZero.memoryBytes : requests.memoryBytes
    return name === 'ephemeral-storage' ? requests.ephemeralStorageBytes : (requests.scalar[name] ?? 0)
  })

/** calculateResourceAllocatableRequest, the first half: 0 leaves the resource out. */
export function capacityOf({ allocatable }: NodeInfo, name: string, ask: number): number {
  if (name === 'cpu') return allocatable.milliCpu
  if (name === 'memory') return allocatable.memoryBytes
  if (name === 'ephemeral-storage') return allocatable.ephemeralStorageBytes
  return ask === 0 && isScalar(name) ? 0 : (allocatable.scalar[name] ?? 0)
}

/** The second half: what is used already, for cpu and memory with what silent containers are taken to use. */
export function usedOf({ requested, nonZeroRequested }: NodeInfo, name: string, nonMissing: boolean): number {
  if (name === 'cpu') return nonMissing ? nonZeroRequested.milliCpu : requested.milliCpu
  if (name === 'memory') return nonMissing ? nonZeroRequested.memoryBytes : requested.memoryBytes
  return name === 'ephemeral-storage' ? requested.ephemeralStorageBytes : (requested.scalar[name] ?? 0)
}

export type Scorer = (node: NodeInfo, asks: readonly number[]) => number

export function scorerOf({ type, resources, shape = [] }: ScoringStrategy): Scorer {
  if (type === 'RequestedToCapacityRatio') return alongLine(resources, shape)
  const of = type === 'LeastAllocated' ? freeShare : usedShare
  return (node, asks) => {
    let score = 0
    let weights = 0
    for (let i = 0; i < resources.length; i++) {
      const { name, weight } = resources[i] as ResourceSpec
      const ask = asks[i] as number
      const capacity = capacityOf(node, name, ask)
      if (capacity === 0) continue
      score += weight * of(usedOf(node, name, true) + ask, capacity)
      weights += weight
    }
    return weights === 0 ? 0 : Math.trunc(score / weights)
  }
}

const freeShare = (used: number, capacity: number): number =>
  used > capacity ? 0 : Math.trunc(((capacity - used) * MAX_NODE_SCORE) / capacity)
const usedShare = (used: number, capacity: number): number =>
  Math.trunc((Math.min(used, capacity) * MAX_NODE_SCORE) / capacity)

/** buildRequestedToCapacityRatioScorerFunction: other than with the others, a resource that scores 0 has no weight. */
function alongLine(resources: readonly ResourceSpec[], shape: readonly ShapePoint[]): Scorer {
  return (node, asks) => {
    let score = 0
    let weights = 0
    resources.forEach(({ name, weight }, i) => {
      const ask = asks[i] as number
      const capacity = capacityOf(node, name, ask)
      if (capacity === 0) return
      const used = usedOf(node, name, true) + ask
      const its = heightAt(shape, used > capacity ? 100 : Math.trunc((used * 100) / capacity))
      if (its <= 0) return
      score += weight * its
      weights += weight
    })
    return weights === 0 ? 0 : Math.round(score / weights)
  }
}

/** BuildBrokenLinearFunction, in whole numbers; scores of points go to 10, those of nodes to 100. */
export function heightAt(shape: readonly ShapePoint[], utilization: number): number {
  const scaled = ({ score }: ShapePoint): number => score * 10
  const i = shape.findIndex((point) => utilization <= point.utilization)
  if (i < 0) return scaled(shape.at(-1) as ShapePoint)
  const right = shape[i] as ShapePoint
  const left = shape[i - 1]
  if (left === undefined) return scaled(right)
  const rise = (scaled(right) - scaled(left)) * (utilization - left.utilization)
  return scaled(left) + Math.trunc(rise / (right.utilization - left.utilization))
}
