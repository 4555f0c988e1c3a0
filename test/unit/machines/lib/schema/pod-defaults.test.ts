import { describe, expect, test } from 'vitest'
import { podDefaults, podStatusDefaults, pullPolicyFor } from '../../../../../machines/lib/schema/pod-defaults.ts'

describe('an image is pulled', () => {
  test.each([
    ['nginx', 'Always'],
    ['nginx:latest', 'Always'],
    ['nginx:1.25', 'IfNotPresent'],
    ['registry:5000/a/b', 'Always'],
    ['registry:5000/a/b:1', 'IfNotPresent'],
    [`nginx@sha256:${'a'.repeat(64)}`, 'IfNotPresent'],
    [`nginx:latest@sha256:${'a'.repeat(64)}`, 'Always'],
    ['Not A Name', 'IfNotPresent'],
    [undefined, 'IfNotPresent'],
  ])('%s: %s', (image, policy) => {
    expect(pullPolicyFor(image)).toBe(policy)
  })
})
test('a limit is a request, a request stays', () => {
  const resources = { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '500m' } }
  expect(podDefaults({ spec: { containers: [{ resources }], initContainers: [{ resources: {} }] } })).toEqual({
    spec: {
      containers: [{ resources: { ...resources, requests: { cpu: '500m', memory: '1Gi' } } }],
      initContainers: [{ resources: {} }],
      enableServiceLinks: true,
    },
  })
})
test('on the host network a port is the host’s', () => {
  expect(
    podDefaults({
      spec: { hostNetwork: true, enableServiceLinks: true, containers: [{ ports: [{ containerPort: 80 }] }] },
    }),
  ).toMatchObject({
    spec: { containers: [{ ports: [{ containerPort: 80, hostPort: 80 }] }] },
  })
})
test('the single address of a pod decides; of its host nothing is made up', () => {
  expect(podStatusDefaults({ podIP: '10.0.0.1', hostIP: '10.0.0.2' })).toEqual({
    podIP: '10.0.0.1',
    podIPs: [{ ip: '10.0.0.1' }],
    hostIP: '10.0.0.2',
  })
  const same = { podIP: '10.0.0.1', podIPs: [{ ip: '10.0.0.1' }] }
  expect(podStatusDefaults(same)).toBe(same)
})
