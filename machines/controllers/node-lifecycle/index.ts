/** The health of nodes (pkg/controller/nodelifecycle). */
import type { Member } from '../kit/controller.ts'
import { type Listed, standing } from '../kit/listed.ts'
import { nodeHealth } from './node-health.ts'
import { LEASES, nodeLifecycle } from './node-lifecycle.ts'

export const nodeLifecycleMember: Member = {
  name: 'node-lifecycle',
  component: 'node-controller',
  serviceAccount: 'node-controller',
  caches: [{ resource: 'nodes' }, { resource: 'pods', indexes: ['node'] }, { resource: LEASES, only: 'deletions' }],
}
export const nodeLifecycleController: Listed = standing(nodeLifecycleMember, nodeLifecycle, nodeHealth)
