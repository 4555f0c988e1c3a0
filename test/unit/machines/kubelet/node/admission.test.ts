import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  NO_USAGE,
  rejectionOf,
  usageOf,
  withoutUsage,
  withUsage,
} from '../../../../../machines/kubelet/node/admission.ts'
import type { core, Node } from '../../../../../machines/protocol/objects.ts'
import { pod } from '../fixtures.ts'

const NODE: Node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n', labels: { zone: 'a' } },
  spec: {
    taints: [
      { key: 'out', effect: 'NoExecute' },
      { key: 'full', effect: 'NoSchedule' },
    ],
  },
  status: { allocatable: { cpu: '2', memory: '1Gi', pods: '3' } },
}
const tolerations: core.Toleration[] = [{ operator: 'Exists' }]
const asking = (requests: Record<string, string>, spec: Partial<core.PodSpec> = {}) =>
  pod({ tolerations, containers: [{ name: 'c', resources: { requests } }], ...spec })

test('the first resource that does not suffice is named, in its own unit', () => {
  expect(rejectionOf(asking({ memory: '2Gi', cpu: '2500m' }), NO_USAGE, NODE)).toEqual({
    reason: 'OutOfcpu',
    message: "Node didn't have enough resource: cpu, requested: 2500, used: 0, capacity: 2000",
  })
  const used = usageOf(asking({ memory: '1Gi' }))
  expect(rejectionOf(asking({ memory: '1Ki' }), used, NODE)?.message).toContain('requested: 1024, used: 1073741824')
  expect(rejectionOf(asking({ 'x/gpu': '5' }), NO_USAGE, NODE)).toBeUndefined()
  const three = { amounts: { pods: 3 }, ports: [] }
  expect(rejectionOf(asking({}), three, NODE)?.reason).toBe('OutOfpods')
})
test('selectors, ports and taints', () => {
  expect(rejectionOf(asking({}, { nodeSelector: { zone: 'b' } }), NO_USAGE, NODE)).toEqual({
    reason: 'NodeAffinity',
    message: "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
  })
  const ported = asking({}, { containers: [{ name: 'c', ports: [{ containerPort: 1, hostPort: 80 }] }] })
  expect(rejectionOf(ported, usageOf(ported), NODE)?.reason).toBe('NodePorts')
  expect(rejectionOf(ported, NO_USAGE, NODE)).toBeUndefined()
  expect(
    rejectionOf(asking({}, { tolerations: [{ key: 'out', operator: 'Equal', value: 'x' }] }), NO_USAGE, NODE)?.reason,
  ).toBe('TaintToleration')
  const term = { matchExpressions: [{ key: 'zone', operator: 'In', values: ['b'] }] }
  const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } } }
  expect(rejectionOf(asking({}, { affinity }), NO_USAGE, NODE)?.reason).toBe('NodeAffinity')
})
test('systems and kernel settings', () => {
  expect(rejectionOf(asking({}, { os: { name: 'windows' } }), NO_USAGE, NODE)?.reason).toBe('PodOSNotSupported')
  expect(rejectionOf(asking({}, { nodeSelector: { 'kubernetes.io/os': 'windows' } }), NO_USAGE, NODE)?.reason).toBe(
    'PodOSSelectorNodeLabelDoesNotMatch',
  )
  expect(
    rejectionOf(
      asking({}, { securityContext: { sysctls: [{ name: 'net.core.somaxconn', value: '1' }] } }),
      NO_USAGE,
      NODE,
    )?.message,
  ).toBe('forbidden sysctl: "net.core.somaxconn" not allowlisted')
})
test('init containers count by the greatest, sidecars by their sum with what comes after', () => {
  const cpu = (name: string, amount: string, restartPolicy?: string) => ({
    name,
    resources: { requests: { cpu: amount } },
    ...(restartPolicy ? { restartPolicy } : {}),
  })
  const own = asking(
    { cpu: '1' },
    { initContainers: [cpu('i', '3'), cpu('s', '1', 'Always'), cpu('j', '4')], overhead: { cpu: '100m' } },
  )
  expect(usageOf(own).amounts['cpu']).toBe(5_100)
})
test('what is given back is as if it had never been taken', () => {
  const amount = fc.record({ cpu: fc.nat(9).map(String), memory: fc.nat(9).map(String) })
  fc.assert(
    fc.property(fc.array(amount, { maxLength: 5 }), (requests) => {
      const all = requests.map((each) => usageOf(asking(each)))
      const left = all.reduce(withoutUsage, all.reduce(withUsage, NO_USAGE))
      expect(Object.values(left.amounts).every((value) => value === 0)).toBe(true)
    }),
    { numRuns: 50 },
  )
})
