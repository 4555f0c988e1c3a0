import { describe, expect, test } from 'vitest'
import { admitted } from '../../../../../machines/apiserver/admission/index.ts'
import type { Attempt } from '../../../../../machines/apiserver/registry/attempt.ts'
import type { ApiObject, Pod, Service } from '../../../../../machines/protocol/objects.ts'
import { attempt, cacheWith, messageOf, object } from '../attempts.ts'

const active = { 'namespaces/default': object('Namespace', { status: { phase: 'Active' } }, { name: 'default' }) }
const account = { 'serviceaccounts/default/default': object('ServiceAccount', {}, { name: 'default' }) }
const place = (resource: string, objects: Readonly<Record<string, unknown>> = {}, more: Partial<Attempt> = {}) =>
  attempt({ verb: 'create', resource }, { cache: cacheWith({ ...active, ...account, ...objects }), ...more })
const created = (resource: string, body: ApiObject, objects = {}, more: Partial<Attempt> = {}) =>
  admitted(place(resource, objects, more), body, undefined)
const objectOf = <T>(result: { does: string }): T => (result as unknown as { object: T }).object
const pod = (spec = {}, metadata = {}) =>
  object('Pod', { spec: { containers: [{ name: 'c', image: 'i' }], ...spec } }, metadata)

describe('NamespaceLifecycle', () => {
  test('asks for a namespace that the cache does not have', () => {
    const unknown = attempt({ verb: 'create', resource: 'configmaps' })
    expect(admitted(unknown, object('ConfigMap'), undefined)).toMatchObject({
      does: 'lookUp',
      what: 'namespace',
      key: 'default',
    })
    expect(messageOf(admitted({ ...unknown, found: { namespace: null } }, object('ConfigMap'), undefined))).toBe(
      'namespaces "default" not found',
    )
  })
  test('lets nothing new into one that is going', () => {
    const going = {
      'namespaces/default': object('Namespace', { status: { phase: 'Terminating' } }, { name: 'default' }),
    }
    expect(created('configmaps', object('ConfigMap'), going)).toMatchObject({
      status: {
        message:
          'configmaps "x" is forbidden: unable to create new content in namespace default because it is being terminated',
        details: { causes: [{ reason: 'NamespaceTerminating', field: 'metadata.namespace' }] },
      },
    })
  })
})

describe('ServiceAccount', () => {
  test('gives a pod the default account and a token at its usual place', () => {
    const { spec } = objectOf<Pod>(created('pods', pod()))
    expect(spec).toMatchObject({ serviceAccountName: 'default', serviceAccount: 'default' })
    expect(spec.volumes?.[0]?.name).toMatch(/^kube-api-access-[a-z0-9]{5}$/)
    expect(spec.containers[0]?.volumeMounts).toEqual([
      { name: spec.volumes?.[0]?.name, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
    ])
  })
  test('gives no token to those who want none', () => {
    expect(objectOf<Pod>(created('pods', pod({ automountServiceAccountToken: false }))).spec.volumes).toBeUndefined()
    const quiet = {
      'serviceaccounts/default/default': object(
        'ServiceAccount',
        { automountServiceAccountToken: false },
        { name: 'default' },
      ),
    }
    expect(objectOf<Pod>(created('pods', pod(), quiet)).spec.volumes).toBeUndefined()
  })
  test('leaves a container alone that has something mounted there', () => {
    const volumeMounts = [{ name: 'own', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }]
    const { spec } = objectOf<Pod>(created('pods', pod({ containers: [{ name: 'c', image: 'i', volumeMounts }] })))
    expect([spec.volumes, spec.containers[0]?.volumeMounts]).toEqual([undefined, volumeMounts])
  })
  test('takes the pull secrets of the account', () => {
    const with_ = {
      'serviceaccounts/default/default': object(
        'ServiceAccount',
        { imagePullSecrets: [{ name: 's' }] },
        { name: 'default' },
      ),
    }
    expect(objectOf<Pod>(created('pods', pod(), with_)).spec.imagePullSecrets).toEqual([{ name: 's' }])
  })
  test('asks for an account that the cache does not have, and refuses one that is not there', () => {
    const bot = pod({ serviceAccountName: 'bot' })
    expect(created('pods', bot)).toMatchObject({ does: 'lookUp', what: 'serviceAccount', key: 'default/bot' })
    expect(messageOf(created('pods', bot, {}, { found: { serviceAccount: null } }))).toBe(
      'pods "x" is forbidden: error looking up service account default/bot: serviceaccount "bot" not found',
    )
  })
  test('has nothing to do with mirror pods', () => {
    const mirror = pod({}, { annotations: { 'kubernetes.io/config.mirror': 'h' } })
    expect(objectOf<Pod>(created('pods', mirror)).spec.serviceAccountName).toBeUndefined()
  })
})

describe('Priority', () => {
  const critical = 'system-node-critical'
  const class_ = (name: string, value: number, globalDefault = false) => ({
    [`priorityclasses/${name}`]: object('PriorityClass', { value, globalDefault }, { name }),
  })
  test.each([
    ['none', {}, {}, { priority: 0, preemptionPolicy: 'PreemptLowerPriority' }],
    ['of the system, even before it is written', { priorityClassName: critical }, {}, { priority: 2_000_001_000 }],
    ['of its own', { priorityClassName: 'high' }, class_('high', 7), { priority: 7 }],
    ['the global default', {}, class_('usual', 5, true), { priority: 5, priorityClassName: 'usual' }],
    ['the lowest of two global defaults', {}, { ...class_('a', 9, true), ...class_('b', 4, true) }, { priority: 4 }],
  ])('%s', (_, spec, objects, expected) => {
    expect(objectOf<Pod>(created('pods', pod(spec), objects)).spec).toMatchObject(expected)
  })
  test('an unknown class and a number of its own are refused', () => {
    expect(messageOf(created('pods', pod({ priorityClassName: 'no' })))).toBe(
      'pods "x" is forbidden: no PriorityClass with name no was found',
    )
    expect(messageOf(created('pods', pod({ priority: 9 })))).toMatch(
      /the integer value of priority \(9\) must not be provided in pod spec/,
    )
  })
})

describe('DefaultTolerationSeconds', () => {
  test('tolerates a lost node for five minutes, unless the pod says how long', () => {
    const own = { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 10 }
    const { tolerations } = objectOf<Pod>(created('pods', pod({ tolerations: [own] }))).spec
    expect(tolerations).toEqual([
      own,
      { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
    ])
    expect(
      objectOf<Pod>(created('pods', pod({ tolerations: [{ operator: 'Exists' }] }))).spec.tolerations,
    ).toHaveLength(1)
  })
})

describe('TaintNodesByCondition', () => {
  test('a new node is not ready', () => {
    const taint = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }
    expect(created('nodes', object('Node'))).toMatchObject({ object: { spec: { taints: [taint] } } })
    expect(
      objectOf<{ spec: { taints: unknown[] } }>(created('nodes', object('Node', { spec: { taints: [taint] } }))).spec
        .taints,
    ).toHaveLength(1)
  })
})

describe('StorageObjectInUseProtection', () => {
  test('holds a claim while it is used', () => {
    const claim = created('persistentvolumeclaims', object('PersistentVolumeClaim'))
    expect(objectOf<ApiObject>(claim).metadata.finalizers).toEqual(['kubernetes.io/pvc-protection'])
    expect(admitted(place('persistentvolumeclaims'), objectOf<ApiObject>(claim), undefined)).toEqual(claim)
  })
})

describe('addresses of Services', () => {
  const service = (spec = {}, name = 'x') =>
    object('Service', { spec: { type: 'ClusterIP', ports: [{ port: 80 }], ...spec } }, { name })
  const other = {
    'services/specs/default/o': service(
      { clusterIP: '10.96.9.9', clusterIPs: ['10.96.9.9'], ports: [{ port: 80, nodePort: 30_500 }] },
      'o',
    ),
  }
  const specOf = (result: { does: string }) => objectOf<Service>(result).spec
  test('are drawn from the upper band, and no two are the same', () => {
    const { clusterIP, clusterIPs, ipFamilies, ipFamilyPolicy } = specOf(created('services', service()))
    expect([clusterIPs, ipFamilies, ipFamilyPolicy]).toEqual([[clusterIP], ['IPv4'], 'SingleStack'])
    const taken = { 'services/specs/default/t': service({ clusterIP, clusterIPs: [clusterIP] }, 't') }
    expect(specOf(created('services', service(), taken)).clusterIP).not.toBe(clusterIP)
  })
  test('may be chosen, if they are free and in the range', () => {
    expect(specOf(created('services', service({ clusterIP: '10.96.0.1' }))).clusterIP).toBe('10.96.0.1')
    expect(messageOf(created('services', service({ clusterIP: '10.96.9.9' }), other))).toMatch(
      /failed to allocate IP 10.96.9.9: provided IP is already allocated$/,
    )
    expect(messageOf(created('services', service({ clusterIP: '192.0.2.1' })))).toMatch(
      /the provided IP \(192.0.2.1\) is not in the valid range. The range of valid IPs is 10.96.0.0\/16$/,
    )
  })
  test('are none for headless Services and for other names', () => {
    expect(specOf(created('services', service({ clusterIP: 'None' }))).clusterIPs).toEqual(['None'])
    expect(
      specOf(created('services', service({ type: 'ExternalName', externalName: 'a.b' }))).clusterIP,
    ).toBeUndefined()
  })
  test('come with node ports where they are needed', () => {
    const port = specOf(created('services', service({ type: 'NodePort' }))).ports?.[0]?.nodePort ?? 0
    expect(port >= 30_086 && port <= 32_767).toBe(true)
    expect(
      messageOf(created('services', service({ type: 'NodePort', ports: [{ port: 80, nodePort: 30_500 }] }), other)),
    ).toMatch(/Invalid value: 30500: provided port is already allocated$/)
    expect(messageOf(created('services', service({ type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] })))).toMatch(
      /The range of valid ports is 30000-32767$/,
    )
  })
})
