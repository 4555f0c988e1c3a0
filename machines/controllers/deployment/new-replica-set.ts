/** The ReplicaSet that a Deployment makes for its template (k8s.io/kubernetes/pkg/controller/deployment/sync.go). */
import type { Deployment, ReplicaSet } from '../../protocol/objects.ts'
import { controllerReference } from '../kit/owners.ts'
import { HASH_LABEL, hashFor, replicasOf } from './replica-sets.ts'
import { highestRevision, withRevision, withSizes } from './revision.ts'
import { newSize } from './scaling.ts'
import { maxSurge } from './surge.ts'

export function newReplicaSet(deployment: Deployment, old: readonly ReplicaSet[]): ReplicaSet {
  const { metadata, spec } = deployment
  const hash = hashFor(deployment)
  const labels = { ...spec.template.metadata?.labels, [HASH_LABEL]: hash }
  const annotations = withRevision(undefined, deployment, highestRevision(old) + 1)
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: nameFor(metadata.name, hash),
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      labels,
      annotations: withSizes(annotations, replicasOf(deployment), replicasOf(deployment) + maxSurge(deployment)),
      ownerReferences: [controllerReference(deployment)],
    },
    spec: {
      replicas: newSize(deployment, old, 0),
      ...(spec.minReadySeconds === undefined ? {} : { minReadySeconds: spec.minReadySeconds }),
      selector: { ...spec.selector, matchLabels: { ...spec.selector.matchLabels, [HASH_LABEL]: hash } },
      template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
    },
  } as ReplicaSet
}

/** generateReplicaSetName: a name that would be too long is cut before its hash. */
const LONGEST_NAME = 253
const nameFor = (name: string, hash: string): string => `${name.slice(0, LONGEST_NAME - hash.length - 1)}-${hash}`
