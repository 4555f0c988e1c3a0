/** The controllers of kube-controller-manager, in the order of their names. */
import { deploymentController } from './deployment/controller.ts'
import { deployment } from './deployment/deployment.ts'
import { disruption, podDisruptions } from './disruption/index.ts'
import { endpoints } from './endpoints/index.ts'
import { endpointSlice } from './endpointslice/index.ts'
import { endpointSliceMirroring } from './endpointslice-mirroring/index.ts'
import { garbageCollectorController } from './garbage-collector/index.ts'
import { type Listed, supervised } from './kit/listed.ts'
import { namespaces } from './namespace/index.ts'
import { nodeIpamController } from './node-ipam/index.ts'
import { nodeLifecycleController } from './node-lifecycle/index.ts'
import { podGcController } from './pod-gc/index.ts'
import { controllerOfKind, replicaSetController } from './replicaset/controller.ts'
import { replicaSetKind, replicationControllerKind } from './replicaset/kind.ts'
import { replicaSetMachine } from './replicaset/replica-set.ts'
import { resourceQuotas } from './resourcequota/index.ts'
import { rootCaPublisher } from './root-ca-cert-publisher/index.ts'
import { serviceAccounts } from './serviceaccount/index.ts'
import { serviceAccountTokens } from './serviceaccount-token/index.ts'
import { taintEvictionController } from './taint-eviction/index.ts'
import { ttl } from './ttl/index.ts'

export const controllers: readonly Listed[] = [
  supervised(deploymentController, deployment),
  disruption,
  podDisruptions,
  endpoints,
  endpointSlice,
  endpointSliceMirroring,
  garbageCollectorController,
  namespaces,
  nodeIpamController,
  nodeLifecycleController,
  podGcController,
  supervised(replicaSetController, replicaSetMachine(replicaSetKind)),
  supervised(controllerOfKind(replicationControllerKind), replicaSetMachine(replicationControllerKind)),
  resourceQuotas,
  rootCaPublisher,
  serviceAccounts,
  serviceAccountTokens,
  taintEvictionController,
  ttl,
]
