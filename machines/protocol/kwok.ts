/** The conversations inside kwok's controller: between its nodes, its leases and those that play the stages of pods. */
import type { Address } from '../../runtime/contract.ts'
import type { User } from './api.ts'
import type { Node, Pod } from './objects.ts'

/** How all parts of a kwok process ask the API server: without a rate limit. */
export interface KwokClient {
  readonly apiserver: Address
  readonly user: User
}
/** What kwok is told at birth (machine `kwok`). */
export interface KwokInput {
  readonly host: string
  readonly apiserver: Address
  /** `--node-ip`, `--node-name`, `--node-port`: the address that every node of it shows. */
  readonly nodeIP: string
  readonly nodeName: string
  readonly nodePort: number
  /** `--cidr`: where pods on nodes without a range of their own get their addresses. */
  readonly cidr: string
}

/** A node as the API shows it now. */
export interface FakeNodeChanged {
  readonly type: 'fakeNode.changed'
  readonly node: Node
}
/** The node's lease is ours: the node is to be managed; said once each time it is taken. */
export interface FakeLeaseTaken {
  readonly type: 'fakeLease.taken'
}
/** Another kwok holds the lease. */
export interface FakeLeaseGone {
  readonly type: 'fakeLease.gone'
}
/** Pods of this node are to be played. Said again when its addresses changed. */
export interface FakeNodeHeld {
  readonly type: 'fakeNode.held'
  readonly node: string
  readonly hostIP: string
  readonly podCIDR: string | undefined
}
export interface FakeNodeReleased {
  readonly type: 'fakeNode.released'
  readonly node: string
}
/** What is bound to a node that has just been taken over. */
export interface FakePodsListed {
  readonly type: 'fakePods.listed'
  readonly pods: readonly Pod[]
}

/** The default stages of pods (kustomize/stage/pod/fast). */
export type PodStage = 'pod-ready' | 'pod-complete' | 'pod-delete'
/** A pod's stage is to be played now. */
export interface StageDue {
  readonly type: 'stage.due'
  readonly key: string
  readonly pod: Pod
  readonly stage: PodStage
  /** The new status; undefined: the stage deletes. */
  readonly status: object | undefined
}
export interface StagePlayed {
  readonly type: 'stage.played'
  readonly key: string
  /** `failed` is not tried again: kwok waits for the next change. */
  readonly outcome: 'done' | 'failed' | 'retry'
}
