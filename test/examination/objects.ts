/** Objects of the examinations, what users do with them, and what kubelets would do. */
import type { Act, Hand } from '../../machines/cluster/examination/exam.ts'
import { EXAMINER_USER } from '../../machines/cluster/examination/sitting.ts'
import { create, patch, remove, update } from '../../machines/lib/requests.ts'
import { rfc3339, rfc3339Micro } from '../../machines/lib/time.ts'
import type { ApiRequest, RequestOptions, Subresource } from '../../machines/protocol/api.ts'
import type { ApiObject, Lease, Node, Pod, ResourceName } from '../../machines/protocol/objects.ts'

type Loose = Readonly<Record<string, unknown>>
const USER = EXAMINER_USER

export const object = (apiVersion: string, kind: string, name: string, rest: Loose = {}): ApiObject => {
  const { metadata, ...others } = rest
  return { apiVersion, kind, metadata: { name, ...(metadata as object) }, ...others } as ApiObject
}
/** In the namespace `default`. */
export const local = (apiVersion: string, kind: string, name: string, rest: Loose = {}): ApiObject =>
  object(apiVersion, kind, name, { ...rest, metadata: { namespace: 'default', ...(rest['metadata'] as object) } })

interface At {
  readonly resource: ResourceName
  readonly name: string
  readonly namespace?: string
}
const DEFAULT = { namespace: 'default' }

type When = NonNullable<Act['when']>
const at = (words: string, request: Act['request'], when?: When): Act => ({ words, request, ...(when ? { when } : {}) })

export const makes = (resource: ResourceName, body: ApiObject, when?: When): Act => {
  const { name, namespace } = body.metadata
  return at(`make ${resource} ${name}`, () => create(USER, { resource, name, namespace }, body), when)
}
export const changes = (place: At, body: Loose, when?: When, subresource?: Subresource): Act =>
  at(
    `change ${place.resource} ${place.name}`,
    () => patch(USER, { ...DEFAULT, ...place, ...(subresource ? { subresource } : {}) }, 'merge', body),
    when,
  )
export const deletes = (place: At, when?: When, options?: RequestOptions): Act =>
  at(`delete ${place.resource} ${place.name}`, () => remove(USER, { ...DEFAULT, ...place }, options), when)
/** Of a resource without namespaces. */
export const CLUSTER = { namespace: '' }

/** A pod with an address, as a kubelet has reported it. */
export const pod = (name: string, ip: string, rest: Loose = {}, status: Loose = running(ip)): ApiObject =>
  local('v1', 'Pod', name, {
    spec: { containers: [{ name: 'c', image: 'i' }], ...(rest['spec'] as object) },
    status,
    ...meta(rest),
  })
const meta = ({ metadata = {} }: Loose): Loose => ({ metadata })

const LONG_AGO = '2025-12-31T23:00:00Z'
const condition = (type: string, status: string, reason = '', message = ''): Loose => ({
  ...{ type, status, lastTransitionTime: LONG_AGO, lastHeartbeatTime: LONG_AGO },
  ...(reason === '' ? {} : { reason, message }),
})
export const running = (podIP: string): Loose => ({
  ...{ phase: 'Running', podIP, podIPs: [{ ip: podIP }], startTime: LONG_AGO },
  conditions: [condition('Ready', 'True'), condition('ContainersReady', 'True')],
})

/** Every pod starts at once and is ready; what is told to stop stops at once. */
export const podsRun: Hand = (cluster) =>
  cluster.get<Pod>('pods').flatMap((each): readonly ApiRequest[] => {
    const { name, namespace, deletionTimestamp, uid = '' } = each.metadata
    const place = { resource: 'pods', name, namespace }
    if (deletionTimestamp !== undefined) return [remove(USER, place, { gracePeriodSeconds: 0, preconditions: { uid } })]
    if (each.status?.phase !== 'Pending') return []
    return [patch(USER, { ...place, subresource: 'status' }, 'merge', { status: running('10.244.9.9') })]
  })

const HEALTHY = [
  condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'fine'),
  condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'fine'),
  condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'fine'),
  condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
]
const SIZE = { cpu: '4', memory: '8Gi', pods: '110' }
export const node = (name: string, rest: Loose = {}): ApiObject =>
  object('v1', 'Node', name, {
    ...{ spec: rest['spec'] ?? {}, ...meta(rest) },
    status: { capacity: SIZE, allocatable: SIZE, conditions: HEALTHY },
  })

/** The kubelets of these nodes report: their Leases every ten seconds, and that they are well when it is not said. */
export const nodesBeat =
  (...names: readonly string[]): Hand =>
  (cluster) => {
    const clock = cluster.world.clock('cp-1')
    return names.flatMap((name) => [
      ...renewal(cluster, name, clock),
      ...report(cluster.object<Node>('nodes', name), clock),
    ])
  }

type Seen = Parameters<Hand>[0]
function renewal(cluster: Seen, name: string, clock: number): readonly ApiRequest[] {
  const place = { resource: 'leases.coordination.k8s.io', namespace: 'kube-node-lease', name }
  const known = cluster.object<Lease>('leases', name, 'kube-node-lease')
  const renewTime = rfc3339Micro(clock - (clock % 10_000))
  if (known?.spec?.renewTime === renewTime) return []
  const spec = { holderIdentity: name, leaseDurationSeconds: 40, renewTime }
  if (known !== undefined) return [update(USER, place, { ...known, spec })]
  return [
    create(
      USER,
      place,
      object('coordination.k8s.io/v1', 'Lease', name, { metadata: { namespace: place.namespace }, spec }),
    ),
  ]
}

function report(known: Node | undefined, clock: number): readonly ApiRequest[] {
  const isWell = known?.status?.conditions?.every(({ type, status }) => (status === 'True') === (type === 'Ready'))
  if (known === undefined || isWell === true) return []
  const now = rfc3339(clock)
  const conditions = HEALTHY.map((each) => ({ ...each, lastTransitionTime: now, lastHeartbeatTime: now }))
  return [
    patch(USER, { resource: 'nodes', name: known.metadata.name, subresource: 'status' }, 'merge', {
      status: { conditions },
    }),
  ]
}
