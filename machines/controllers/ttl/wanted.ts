/** For how long kubelets may keep what they read of Secrets and ConfigMaps (pkg/controller/ttl/ttl_controller.go). */
import type { Node } from '../../protocol/objects.ts'

export const TTL = 'node.alpha.kubernetes.io/ttl'

/** Steps overlap, so that a cluster at their edge does not go to and fro: a node keeps its value while it may. */
const STEPS = [
  { from: 0, to: 100, seconds: '0' },
  { from: 90, to: 500, seconds: '15' },
  { from: 450, to: 1000, seconds: '30' },
  { from: 900, to: 2000, seconds: '60' },
  { from: 1800, to: Number.POSITIVE_INFINITY, seconds: '300' },
] as const

/** @returns the annotation as it should be, or undefined when it is. */
export function wantedTtl({ metadata }: Node, nodes: number): string | undefined {
  const current = metadata.annotations?.[TTL]
  let wanted: string | undefined
  for (const { from, to, seconds } of STEPS) {
    if (nodes < from || nodes > to) continue
    if (current === seconds) return undefined
    wanted ??= seconds
  }
  return wanted
}
