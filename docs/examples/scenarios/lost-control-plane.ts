/**
 * A control plane loses power in the middle of a rollout: the very one whose controllers and scheduler were at work.
 * Another one takes over from what the API says, finishes the rollout, and customers notice nothing.
 */
import { type ApiObject, type Cluster, type Pod, type ReplicaSet, scenario } from '../../../machines/index.ts'
import { web } from './web.ts'

const OLD = 'nginx:1.27'
const NEW = 'nginx:1.28'

export const lostControlPlane = scenario(
  'a control plane is lost during a rollout',
  { nodes: 2, controlPlanes: 3 },
  ({ cluster, kubectl, faults, apply, patiently, run, runUntil, always, eventually, sometimes }) => {
    const isOut = (c: Cluster): boolean => c.deployment('web').rolledOut && c.deployment('web').image === NEW

    let lost = ''
    apply(web({ replicas: 4, image: OLD }))
    runUntil((c) => c.deployment('web').rolledOut, { within: '10m' })
    always('never more pods are asked for than the surge allows', () => asked(cluster) <= 5)
    always(
      'nor are there more, as soon as every set has parted with those it is not to have',
      () => atWork(cluster).length <= 5 || setsOf(cluster).some(isStillToPart),
    )
    sometimes('both versions are at work', () => new Set(atWork(cluster).map(imageOf)).size === 2)
    sometimes('another control plane leads', () => lost !== '' && leaderOf(cluster) !== lost)
    eventually(
      'the new version runs alone',
      () => isOut(cluster) && atWork(cluster).every((pod) => imageOf(pod) === NEW),
    )

    patiently(() => kubectl.setImage('deployment/web', { web: NEW }))
    run('3s')
    lost = leaderOf(cluster)
    faults.powerOff(lost)
    runUntil(isOut, { within: '20m' })
    faults.powerOn(lost)
    run('1m')
  },
)

/** The host whose controllers are at work. */
function leaderOf(cluster: Cluster): string {
  const lease = cluster.object<ApiObject & { readonly spec?: { readonly holderIdentity?: string } }>(
    'leases',
    'kube-controller-manager',
    'kube-system',
  )
  return lease?.spec?.holderIdentity?.split('_')[0] ?? 'cp-1'
}

/**
 * What a rollout promises: the sizes of the ReplicaSets together. They follow it each by itself, so that for a moment the
 * new one may have started a pod before the old one has told its own to stop (NewRSNewReplicas counts sizes, not pods).
 */
const asked = (cluster: Cluster): number => setsOf(cluster).reduce((sum, { spec }) => sum + (spec.replicas ?? 1), 0)
const setsOf = (cluster: Cluster): readonly ReplicaSet[] => cluster.get<ReplicaSet>('replicasets')
const isStillToPart = ({ metadata, spec, status }: ReplicaSet): boolean =>
  (status?.observedGeneration ?? 0) < (metadata.generation ?? 0) || (status?.replicas ?? 0) > (spec.replicas ?? 1)

const atWork = (cluster: Cluster): readonly Pod[] =>
  cluster.get<Pod>('pods').filter(({ metadata, status }) => metadata.deletionTimestamp === undefined && isLive(status))
const isLive = (status: Pod['status']): boolean => status?.phase !== 'Failed' && status?.phase !== 'Succeeded'
const imageOf = ({ spec }: Pod): string | undefined => spec.containers[0]?.image
