/** What the scheduler has to know before it decides anything. */
import type { ResourceName } from '../protocol/objects.ts'

/** Pods come last: what waits is tried with everything else known. */
export const WATCHED: readonly ResourceName[] = ['nodes', 'namespaces', 'services', 'replicasets.apps', 'pods']
