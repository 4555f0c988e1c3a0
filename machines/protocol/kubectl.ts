/** What a user tells kubectl, and what kubectl says in the end. */
import type { Address } from '../../runtime/contract.ts'
import type { User } from './api.ts'
import type { ApiObject, ResourceName } from './objects.ts'

/** One object as the command line names it: `deployments.apps web` in a namespace. */
export interface Named {
  readonly resource: ResourceName
  readonly namespace?: string
  readonly name: string
}
export type KubectlCommand =
  | { readonly command: 'apply' | 'create'; readonly objects: readonly Applied[] }
  | { readonly command: 'get'; readonly resource: ResourceName; readonly namespace?: string; readonly name?: string }
  /** Waits for the objects to be gone unless `wait` is false. */
  | ({ readonly command: 'delete'; readonly wait: boolean; readonly gracePeriodSeconds?: number } & Named)
  | ({ readonly command: 'scale'; readonly replicas: number } & Named)
  /** `images` by container name; `*` for all. */
  | ({ readonly command: 'set image'; readonly images: Readonly<Record<string, string>> } & Named)
  | ({ readonly command: 'rollout status'; readonly timeoutMs?: number } & Named)
  | ({ readonly command: 'rollout undo'; readonly toRevision?: number } & Named)
  | ({ readonly command: 'rollout restart' | 'rollout pause' | 'rollout resume' | 'rollout history' } & Named)
  | { readonly command: 'cordon' | 'uncordon'; readonly node: string }
  | {
      readonly command: 'drain'
      readonly node: string
      readonly gracePeriodSeconds?: number
      readonly timeoutMs?: number
    }

/** An object of a manifest with the resource that its kind belongs to. */
export interface Applied {
  readonly resource: ResourceName
  /** The last-applied annotation is computed from this; it is not in it. */
  readonly object: ApiObject
}

/** What a kubectl is told at birth (machine `kubectl`). */
export interface KubectlInput {
  readonly apiserver: Address
  readonly user: User
  readonly command: KubectlCommand
  /** Who is told `kubectl.finished`. */
  readonly tell: Address
}
/** It ended: what it printed, line by line, and its exit code. */
export interface KubectlFinished {
  readonly type: 'kubectl.finished'
  readonly code: number
  readonly lines: readonly string[]
}
