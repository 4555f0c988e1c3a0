/** The pod that a set makes from its template (k8s.io/kubernetes/pkg/controller, GetPodFromTemplate). */
import type { ApiObject, ReplicaSet } from '../../protocol/objects.ts'
import { controllerReference } from '../kit/owners.ts'
import type { Kind } from './kind.ts'

/** Its name is drawn by the API server. */
export function newPod({ apiVersion, kind }: Kind, set: ReplicaSet): unknown {
  const { metadata, spec } = set.spec.template ?? {}
  const owner: ApiObject = { apiVersion, kind, metadata: set.metadata }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: `${set.metadata.name}-`,
      ...(metadata?.labels === undefined ? {} : { labels: metadata.labels }),
      ...(metadata?.annotations === undefined ? {} : { annotations: metadata.annotations }),
      ...(metadata?.finalizers === undefined ? {} : { finalizers: metadata.finalizers }),
      ownerReferences: [controllerReference(owner)],
    },
    spec,
  }
}
