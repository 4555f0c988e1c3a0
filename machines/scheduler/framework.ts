/**
 * The framework's interface: what a plugin may be asked, in the order of the extension points. A plugin is made of
 * plain functions of the pod, the node and what the plugin itself noted at the beginning of the attempt.
 */
import type { Snapshot } from './cache.ts'
import type { KnownNode } from './node-info.ts'
import type { PodInfo } from './pod-info.ts'

/** `Unschedulable`: removing pods might help. `UnschedulableAndUnresolvable`: it would not. */
export type Code = 'Unschedulable' | 'UnschedulableAndUnresolvable' | 'Error'
/** Why not. Absent: no objection. */
export interface Verdict {
  readonly code: Code
  readonly reasons: readonly string[]
}
export const unschedulable = (...reasons: readonly string[]): Verdict => ({ code: 'Unschedulable', reasons })
export const unresolvable = (...reasons: readonly string[]): Verdict => ({
  code: 'UnschedulableAndUnresolvable',
  reasons,
})
export const failed = (reason: string): Verdict => ({ code: 'Error', reasons: [reason] })

/** What a plugin notes before its own Filter (or Score) is asked node by node. */
export type Noted<S> =
  | { readonly skip: true }
  | { readonly verdict: Verdict }
  /** `nodes`: no other node can fit. */
  | { readonly state: S; readonly nodes?: readonly string[] }
export const SKIP = { skip: true } as const

export const MAX_NODE_SCORE = 100

/** F: what PreFilter notes for Filter. S: what PreScore notes for Score. */
export interface Plugin<F = unknown, S = unknown> {
  readonly name: string
  /**
   * SignPod (from 1.35 on): all that Filter and Score read of the pod, part by part. Only plugins have it that ask nothing
   * but the pod and the node, so that pods with the same signature are told the same of the same node.
   */
  sign?(pod: PodInfo): readonly unknown[]
  /** May the pod enter the active queue? */
  preEnqueue?(pod: PodInfo): Verdict | undefined
  preFilter?(pod: PodInfo, snapshot: Snapshot): Noted<F>
  filter?(pod: PodInfo, node: KnownNode, state: F): Verdict | undefined
  /** AddPod (`by` 1) and RemovePod (-1): the state as if the other pod were on the node, or gone from it. */
  adjusted?(pod: PodInfo, other: PodInfo, node: KnownNode, by: 1 | -1, state: F): F
  preScore?(pod: PodInfo, snapshot: Snapshot, feasible: readonly KnownNode[]): Noted<S>
  /** Of one node, by a plugin that signs. Without PreScore, the state is the snapshot. */
  score?(pod: PodInfo, node: KnownNode, state: S): number
  /** Of all feasible nodes, by one that looks at the cluster. */
  scoreEach?(pod: PodInfo, nodes: readonly KnownNode[], state: S): readonly number[]
  /** Brings the scores of all feasible nodes to 0–100. Absent: they are already. */
  normalize?(scores: readonly number[], state: S, nodes: readonly KnownNode[]): readonly number[]
}

/** The same score for so many nodes. To be filled in, too: a list that grows score by score is copied again and again. */
export function scores(nodes: number, score = 0): number[] {
  if (zeros.length < nodes) zeros = Array.from({ length: nodes }, () => 0)
  return zeros.slice(0, nodes).fill(score)
}
let zeros: readonly number[] = []

/** helper.DefaultNormalizeScore: the largest becomes 100; reversed, the largest becomes 0. */
export function normalized(raw: readonly number[], reverse: boolean): readonly number[] {
  let most = 0
  for (const score of raw) if (score > most) most = score
  if (most === 0) return reverse ? scores(raw.length, MAX_NODE_SCORE) : raw
  return raw.map((score) => {
    const share = Math.trunc((MAX_NODE_SCORE * score) / most)
    return reverse ? MAX_NODE_SCORE - share : share
  })
}
