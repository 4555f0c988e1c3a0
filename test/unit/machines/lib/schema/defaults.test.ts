import { describe, expect, test } from 'vitest'
import { sameJson } from '../../../../../machines/lib/go-text.ts'
import { decoded } from '../../../../../machines/lib/schema/decoding.ts'
import { defaulted } from '../../../../../machines/lib/schema/defaults.ts'
import { type ResourceFacts, resourceOf, resourceOfKind } from '../../../../../machines/lib/schema.ts'
import profile from '../../../../../machines/profiles/v1.32/index.ts'
import { type Json, recorded, WHERE } from '../recordings.ts'

const facts = (name: string): ResourceFacts => resourceOf(profile, name) as ResourceFacts
const withDefaults = (name: string, object: Json): Json =>
  defaulted(facts(name), decoded(facts(name).schema, object).value)

test('a Deployment rolls by quarters and its pods restart', () => {
  const made = withDefaults('deployments.apps', {
    metadata: { name: 'web' },
    spec: { selector: {}, template: { spec: { containers: [{ name: 'c', image: 'nginx' }] } } },
  })
  expect(made.spec).toMatchObject({
    replicas: 1,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
    template: {
      metadata: { creationTimestamp: null },
      spec: { restartPolicy: 'Always', dnsPolicy: 'ClusterFirst', securityContext: {} },
    },
  })
  expect(made.status).toEqual({})
})
test('a second time changes nothing', () => {
  const once = withDefaults('pods', {
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'c', image: 'nginx', ports: [{ containerPort: 80 }] }] },
  })
  const pods = facts('pods')
  expect(defaulted(pods, once)).toBe(once)
  expect(decoded(pods.schema, once).value).toBe(once)
})
test('smaller than a thousandth is rounded up', () => {
  const made = withDefaults('pods', {
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'c', resources: { limits: { cpu: '100u' } } }] },
  })
  expect(made.spec.containers[0].resources).toEqual({ limits: { cpu: '1m' }, requests: { cpu: '1m' } })
})
test('an own kind gets what its schema says, also inside of defaults, lists and maps', () => {
  const own = {
    custom: true as const,
    schema: {
      type: 'object' as const,
      properties: {
        spec: {
          type: 'object' as const,
          default: {},
          properties: {
            size: { type: 'integer' as const, default: 3 },
            note: { type: 'string' as const, nullable: true, default: 'x' },
            list: { type: 'array' as const, items: { type: 'object' as const, properties: { a: { default: 1 } } } },
            map: {
              type: 'object' as const,
              additionalProperties: { type: 'object' as const, properties: { a: { default: 1 } } },
            },
          },
        },
      },
    },
  }
  expect(defaulted(own, {})).toEqual({ spec: { size: 3, note: 'x' } })
  expect(defaulted(own, { spec: { size: null, note: null, list: [{}], map: { k: {} } } })).toEqual({
    spec: { size: 3, note: null, list: [{ a: 1 }], map: { k: { a: 1 } } },
  })
})

/** What admission and the strategies of the registry add is not this module's. */
const OTHERS: Readonly<Record<string, string>> = {
  'pod-runtimeclass': 'RuntimeClass admission',
  'pod-serviceaccount-custom': 'ServiceAccount admission',
  'pod-with-limitrange': 'LimitRanger admission',
  'namespace-labels': 'the finalizer is set by the strategy',
  'node-rich': 'the taint is set by admission',
}
const KINDS = [
  'Pod',
  'Deployment',
  'ReplicaSet',
  'Service',
  'Endpoints',
  'EndpointSlice',
  'Node',
  'Namespace',
  'ConfigMap',
  'Secret',
  'ServiceAccount',
  'Event',
  'Lease',
  'StatefulSet',
  'CronJob',
]
const recordings = recorded('api/defaults/create.jsonl')
describe.skipIf(recordings === undefined)(`the API server's defaults (${WHERE})`, () => {
  test.each(
    (recordings ?? []).flatMap(({ name, steps }) =>
      ours(name, steps.at(-1)) ? [[name, steps.at(-1)?.request.body, steps.at(-1)?.response.body]] : [],
    ),
  )('%s', (_name, body: Json, answer: Json) => {
    const resource = resourceOfKind(profile, body.apiVersion, body.kind) as ResourceFacts
    const { value, error } = decoded(resource.schema, body)
    expect(error).toBeUndefined()
    expect(
      sameJson(own(defaulted(resource, value)), own(answer)) || [own(defaulted(resource, value)), own(answer)],
    ).toBe(true)
  })
})

function ours(name: string, step: Json): boolean {
  return step.response.status === 201 && KINDS.includes(step.request.body.kind) && OTHERS[name] === undefined
}

/** Without what the registry and admission write. */
function own(object: Json): Json {
  const copy = structuredClone(object)
  for (const key of ['uid', 'resourceVersion', 'creationTimestamp', 'namespace', 'generation', 'name'])
    delete copy.metadata[key]
  if (copy.kind === 'Namespace') delete copy.spec?.finalizers
  if (copy.kind === 'Pod') ownPod(copy)
  if (copy.kind === 'Service')
    for (const key of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'healthCheckNodePort'])
      delete copy.spec[key]
  for (const port of (copy.kind === 'Service' && copy.spec.ports) || []) delete port.nodePort
  return copy
}

function ownPod({ spec, status }: Json): void {
  for (const key of ['tolerations', 'priority', 'preemptionPolicy', 'serviceAccount', 'serviceAccountName'])
    delete spec[key]
  for (const key of ['qosClass', 'phase', 'conditions']) delete status[key]
  for (const holder of [spec, ...spec.containers, ...(spec.initContainers ?? [])]) {
    for (const key of ['volumes', 'volumeMounts']) {
      holder[key] = holder[key]?.filter(({ name }: Json) => !name.startsWith('kube-api-access'))
      if (!holder[key]?.length) delete holder[key]
    }
  }
}
