import { expect, test } from 'vitest'
import {
  checkPod,
  checkPodAnnotations,
  checkPodSpec,
  checkTemplate,
} from '../../../../../machines/lib/validation/pod.ts'
import { told } from './told.ts'

const container = { name: 'c', image: 'i', imagePullPolicy: 'Always', terminationMessagePolicy: 'File' }
const spec = (rest: object = {}) => ({
  containers: [container],
  restartPolicy: 'Always',
  dnsPolicy: 'ClusterFirst',
  terminationGracePeriodSeconds: 30,
  ...rest,
})
const of = (rest: object) => told((found) => checkPodSpec(found, 's', spec(rest) as never))
test.each([
  [{}, []],
  [
    { restartPolicy: 'Maybe' },
    ['s.restartPolicy: Unsupported value: "Maybe": supported values: "Always", "OnFailure", "Never"'],
  ],
  [{ terminationGracePeriodSeconds: undefined }, ['s.terminationGracePeriodSeconds: Required value']],
  [
    { activeDeadlineSeconds: 0 },
    ['s.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive'],
  ],
  [{ dnsPolicy: 'None' }, ['s.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None']],
  [{ dnsPolicy: 'None', dnsConfig: { searches: ['A'], options: [{}] } }, 3],
  [{ dnsConfig: { nameservers: ['x'] } }, 1],
  [{ nodeName: 'A', hostname: 'a.b', subdomain: 'A', serviceAccountName: 'A' }, 4],
  [{ hostAliases: [{ ip: 'x', hostnames: ['a_b'] }] }, 2],
  [{ priorityClassName: 'A', runtimeClassName: 'A', preemptionPolicy: 'X', os: { name: 'plan9' } }, 4],
  [{ os: {} }, 1],
  [{ readinessGates: [{ conditionType: 'a b' }], schedulingGates: [{ name: 'a' }, { name: 'a' }] }, 2],
  [
    {
      hostNetwork: true,
      containers: [{ ...container, ports: [{ containerPort: 80, hostPort: 81, protocol: 'TCP' }] }],
    },
    1,
  ],
])('%j', (rest, expected) => {
  const found = of(rest)
  expect(typeof expected === 'number' ? found.length : found).toEqual(expected)
})
test('a sound spec is not looked at again, an unsound one is', () => {
  const [good, bad] = [Object.freeze(spec()), Object.freeze(spec({ restartPolicy: 'x' }))]
  for (const count of [0, 0]) expect(told((found) => checkPodSpec(found, 's', good as never))).toHaveLength(count)
  for (const count of [1, 1]) expect(told((found) => checkPodSpec(found, 's', bad as never))).toHaveLength(count)
})
test('a new pod has no ephemeral containers, and no node while it is gated', () => {
  const pod = {
    metadata: { name: 'p' },
    spec: spec({ ephemeralContainers: [{}], nodeName: 'n', schedulingGates: [{ name: 'a' }] }),
  }
  expect(told((found) => checkPod(found, pod as never))).toHaveLength(2)
})
test('annotations that mean something are looked at', () => {
  const annotations = { 'kubernetes.io/config.mirror': 'x', 'controller.kubernetes.io/pod-deletion-cost': 'much' }
  expect(told((found) => checkPodAnnotations(found, 'a', annotations, {} as never))).toHaveLength(2)
  expect(told((found) => checkPodAnnotations(found, 'a', undefined, {} as never))).toEqual([])
})
test('a template is a pod to be', () => {
  const template = { metadata: { labels: { 'a b': 'c' } }, spec: spec({ ephemeralContainers: [{}] }) }
  expect(told((found) => checkTemplate(found, 't', template as never))).toHaveLength(2)
  expect(told((found) => checkTemplate(found, 't', undefined))).toHaveLength(4)
})
