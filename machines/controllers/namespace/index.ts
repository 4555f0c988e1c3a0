/** Deletion of namespaces (pkg/controller/namespace). */
import type { ResourceName } from '../../protocol/objects.ts'
import type { Controller } from '../kit/controller.ts'
import { type Listed, supervised } from '../kit/listed.ts'
import { namespacedResources } from './content.ts'
import { namespaceDeletion } from './namespace-deletion.ts'

/** namespaceDeletionGracePeriod: requests that passed admission before may still be creating content. */
const GRACE_MS = 5_000

export const namespaceController: Controller = {
  name: 'namespace',
  resource: 'namespaces',
  object: 'namespace-deletion',
  workers: 10,
  caches: [{ resource: 'namespaces' }],
  concerns: (_, { key, was, now }) => {
    if (now === undefined) return was?.metadata.deletionTimestamp === undefined ? [] : [key]
    return now.metadata.deletionTimestamp === undefined ? [] : [{ key, afterMs: GRACE_MS }]
  },
}
/** For a cluster with kinds of its own: their resources besides the built-in ones. */
export const namespacesWith = (own: readonly ResourceName[]): Listed =>
  supervised(namespaceController, namespaceDeletion([...namespacedResources, ...own]))
export const namespaces: Listed = namespacesWith([])
