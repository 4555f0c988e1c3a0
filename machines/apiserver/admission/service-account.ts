/** Every pod runs as a ServiceAccount and can prove it: plugin/pkg/admission/serviceaccount. */

import { draw } from '../../../runtime/contract.ts'
import { joined } from '../../lib/joined.ts'
import { nameSuffix } from '../../lib/names.ts'
import type { ApiObject, core, Pod, ServiceAccount } from '../../protocol/objects.ts'
import { frozen } from '../frozen.ts'
import { type Attempt, refuse } from '../registry/attempt.ts'
import { forbidden } from '../statuses.ts'
import { cacheOf } from '../watch-cache.ts'
import { creates, type Plugin } from './plugin.ts'

const MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount'

export const serviceAccount: Plugin = (attempt, object) => {
  if (!creates(attempt, 'pods')) return object
  const pod = object as Pod
  if (pod.spec === undefined) return object
  if (pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) return object
  const name = pod.spec.serviceAccountName || 'default'
  const key = `${attempt.request.namespace}/${name}`
  const account = attempt.found.serviceAccount ?? cacheOf(attempt.cache, 'serviceaccounts').objects.get(key)
  if (account === undefined && attempt.found.serviceAccount === undefined)
    return { does: 'lookUp', what: 'serviceAccount', resource: 'serviceaccounts', key }
  if (account === undefined || account === null) {
    const why = `error looking up service account ${key}: serviceaccount "${name}" not found`
    // admission.NewForbidden: a name that is still to be generated shows as its prefix.
    const { name: given, generateName } = pod.metadata
    return refuse(forbidden('pods', given || generateName, why))
  }
  return withToken(attempt, runningAs(pod, name, account as ServiceAccount), account as ServiceAccount)
}

function runningAs(pod: Pod, name: string, account: ServiceAccount): Pod {
  const secrets = pod.spec.imagePullSecrets ?? []
  const imagePullSecrets = secrets.length === 0 ? (account.imagePullSecrets ?? []) : secrets
  const named = { serviceAccountName: name, serviceAccount: name }
  const more = imagePullSecrets.length === 0 ? {} : { imagePullSecrets }
  return joined(pod, { spec: joined(pod.spec, { ...named, ...more }) })
}

/** Mounts a volume with a token, the cluster's certificate and the namespace into each container that has none there. */
function withToken(attempt: Attempt, pod: Pod, account: ServiceAccount): ApiObject {
  const wanted = pod.spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true
  if (!wanted) return pod
  const present = pod.spec.volumes?.find(({ name }) => name.startsWith(VOLUME_PREFIX))
  const name =
    present?.name ?? `${VOLUME_PREFIX}${nameSuffix(draw(attempt.dice, 'kube-api-access', ...labelsOf(attempt, pod)))}`
  const [containers, mounted] = mountedInto(pod.spec.containers ?? [], name)
  const [initContainers, too] = mountedInto(pod.spec.initContainers ?? [], name)
  if (!mounted && !too) return pod
  const volumes = present === undefined ? [...(pod.spec.volumes ?? []), volume(name)] : pod.spec.volumes
  const spec = joined(pod.spec, { containers, ...(initContainers.length === 0 ? {} : { initContainers }), volumes })
  return joined(pod, { spec }) as Pod
}
const VOLUME_PREFIX = 'kube-api-access-'
const labelsOf = ({ request, ordinal }: Attempt, { metadata }: Pod): readonly (string | number)[] => [
  request.namespace ?? '',
  metadata.name ?? metadata.generateName ?? '',
  ordinal,
]

function mountedInto(containers: readonly core.Container[], name: string): readonly [core.Container[], boolean] {
  let mounted = false
  const all = containers.map((container) => {
    const mounts = container.volumeMounts ?? []
    if (mounts.some(({ mountPath }) => mountPath === MOUNT_PATH)) return container
    mounted = true
    return { ...container, volumeMounts: [...mounts, { name, readOnly: true, mountPath: MOUNT_PATH }] }
  })
  return [all, mounted]
}

/** serviceaccount.TokenVolumeSource; 3607 s, so that a kubelet can tell it from a token that a user asked for. */
const volume = (name: string): core.Volume => ({ name, projected: TOKEN_SOURCES })

/** The same for every pod, and therefore one object for all of them. */
const TOKEN_SOURCES: core.ProjectedVolumeSource = frozen({
  sources: [
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    {
      downwardAPI: {
        items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
      },
    },
  ],
  defaultMode: 420,
})
