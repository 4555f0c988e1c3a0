/** All families of recordings that the model is judged by. */
import { conversations } from './api/conversations.ts'
import { tables } from './api/tables.ts'
import { templateHashes } from './api/template-hash.ts'
import { traces } from './controllers/traces.ts'
import { clusters as clustersOfEtcd } from './etcd/raft.ts'
import { sequences as conversationsWithEtcd } from './etcd/sequences.ts'
import type { Family } from './family.ts'
import { cni } from './node/cni.ts'
import { kubelets } from './node/kubelet.ts'
import { kubeletEndpoints, nodeObject } from './node/node-object.ts'
import { traffic } from './node/traffic.ts'
import { decisions } from './scheduler/decisions.ts'
import { hints } from './scheduler/hints.ts'
import { plugins } from './scheduler/plugins.ts'
import { queues } from './scheduler/queue.ts'
import { samplings, sequences } from './scheduler/sequences.ts'

export const families: readonly Family[] = [
  templateHashes,
  tables,
  ...conversations,
  ...traces,
  ...conversationsWithEtcd,
  clustersOfEtcd,
  ...kubelets,
  traffic,
  nodeObject,
  kubeletEndpoints,
  cni,
  ...decisions,
  ...plugins,
  hints,
  queues,
  samplings,
  sequences,
]
