/**
 * A new version crashes at its start. The rollout stops at the first pod of it, customers notice nothing, and in the
 * middle of it somebody takes it back.
 */
import { type Cluster, type Pod, scenario } from '../../../machines/index.ts'
import { web } from './web.ts'

export const rollback = scenario(
  'a version that crashes is taken back in the middle of its rollout',
  {
    nodes: 2,
    controlPlanes: 1,
    images: [{ image: 'nginx:1.28', readyAfterMs: 5_000, exits: { afterMs: 1_000, code: 1 } }],
  },
  ({ cluster, kubectl, apply, patiently, run, runUntil, always, eventually, sometimes }) => {
    apply(web({ replicas: 3, image: 'nginx:1.27' }))
    runUntil(() => cluster.deployment('web').rolledOut, { within: '5m' })
    always('customers are served by the old version', () => ofVersion(cluster, 'nginx:1.27').length > 0)
    sometimes('the new version crashes again and again', () =>
      ofVersion(cluster, 'nginx:1.28').some(({ status }) => (status?.containerStatuses?.[0]?.restartCount ?? 0) > 1),
    )
    patiently(() => kubectl.setImage('deployment/web', { web: 'nginx:1.28' }))
    run('40s')
    patiently(() => kubectl.rolloutUndo('deployment/web'))
    eventually('the old version runs alone', () => {
      const { rolledOut, image } = cluster.deployment('web')
      return rolledOut && image === 'nginx:1.27' && ofVersion(cluster, 'nginx:1.28').length === 0
    })
  },
)

const ofVersion = (cluster: Cluster, image: string): readonly Pod[] =>
  cluster.get<Pod>('pods').filter(({ spec }) => spec.containers[0]?.image === image)
