import { expect, test } from 'vitest'
import { createCluster } from '../../../../machines/cluster/create.ts'
import { disturb, FAULT_KINDS } from '../../../../machines/cluster/disturb.ts'
import { ofPodWorkers, violations } from '../../../../machines/kubelet/invariants.ts'
import type { KubeletContext } from '../../../../machines/kubelet/kubelet.ts'
import { atBirth } from '../../../../machines/kubelet/pod/worker.ts'
import { dispatched, NO_PODS } from '../../../../machines/kubelet/pods.ts'
import type { CacheChanged } from '../../../../machines/protocol/cache.ts'
import type { ApiObject, Node, Pod } from '../../../../machines/protocol/objects.ts'
import { watched } from '../../../kit/steps.ts'
import { PARTS, pod, workerInput } from './fixtures.ts'

const node = (allocatable: Readonly<Record<string, string>>): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'node-1' },
  status: { allocatable },
})
const SMALL = node({ cpu: '1', pods: '110' })
const LARGE = node({ cpu: '8', pods: '110' })
const wanting = (name: string, cpu: string, rest: Partial<Pod> = {}): Pod => ({
  ...pod({ containers: [{ name: 'c', resources: { requests: { cpu } } }] }, { name, uid: name }),
  ...rest,
})
const bound = (...pods: readonly Pod[]): CacheChanged =>
  ({
    type: 'cache.changed',
    resource: 'pods',
    deltas: pods.map((now) => ({ key: `default/${now.metadata.name}`, was: undefined, now })),
  }) as unknown as CacheChanged
const knowing = (own: Node): KubeletContext =>
  ({ node: own, pods: NO_PODS, parts: PARTS, input: {}, problems: [], tries: 0 }) as unknown as KubeletContext
/** What a kubelet does that believes that its node is `seen`, which is in truth `own`. */
function brokenBy(own: Node, seen: Node, event: CacheChanged): readonly string[] {
  const before = knowing(own)
  const [pods] = dispatched(before.pods, event.deltas, PARTS, seen)
  return violations('kubelet', { before, after: { ...before, pods }, event })
}

test('they hold of pods that fit', () => {
  expect(brokenBy(SMALL, SMALL, bound(wanting('a', '500m'), wanting('b', '500m')))).toEqual([])
})
test('they hold of a pod that does not fit and is rejected', () => {
  expect(brokenBy(SMALL, SMALL, bound(wanting('a', '600m'), wanting('b', '600m')))).toEqual([])
})
test('a pod that is admitted where it does not fit breaks one', () => {
  const says = ['a kubelet admits only what fits on its node beside what runs there']
  expect(brokenBy(SMALL, LARGE, bound(wanting('a', '2')))).toEqual(says)
  expect(brokenBy(SMALL, LARGE, bound(wanting('a', '600m'), wanting('b', '600m')))).toEqual(says)
  const tainted: Node = { ...SMALL, spec: { taints: [{ key: 'k', effect: 'NoExecute' }] } }
  expect(brokenBy(tainted, SMALL, bound(wanting('a', '1m')))).toEqual(says)
})
test('a pod that waited for the end of another of its name is looked at when its turn comes', () => {
  const begun = (own: Node): KubeletContext => {
    const [first] = dispatched(NO_PODS, bound(wanting('a', '1')).deltas, PARTS, own)
    const next = wanting('a', '4')
    const work = first.work.update('default/a', (one) => ({
      ...(one as NonNullable<typeof one>),
      gone: true,
      next: { ...next, metadata: { ...next.metadata, uid: 'a2' } },
    }))
    return { ...knowing(own), pods: { ...first, work } }
  }
  const before = begun(SMALL)
  const event = { type: 'pod.terminated', key: 'default/a', uid: 'a' }
  const pods = dispatched(
    NO_PODS,
    [{ key: 'default/a', was: undefined, now: before.pods.work.get('default/a')?.next }],
    PARTS,
    LARGE,
  )[0]
  expect(violations('kubelet', { before, after: { ...before, pods }, event })).toHaveLength(1)
  expect(violations('kubelet', { before: begun(LARGE), after: { ...begun(LARGE), pods }, event })).toEqual([])
})
test('what is to end anyway takes its place unasked', () => {
  const over = wanting('a', '2', { status: { phase: 'Running' } })
  const deleting = { ...over, metadata: { ...over.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } }
  expect(brokenBy(SMALL, SMALL, bound(deleting))).toEqual([])
})
test('usage that is not that of the pods breaks one', () => {
  const before = knowing(LARGE)
  const event = bound(wanting('a', '2'))
  const [pods] = dispatched(before.pods, event.deltas, PARTS, LARGE)
  const used = { ...pods.used, amounts: { ...pods.used.amounts, cpu: 1 } }
  expect(violations('kubelet', { before, after: { ...before, pods: { ...pods, used } }, event })).toEqual([
    'a kubelet counts as used what its pods use',
  ])
})
test('a rejected pod of which something was made breaks one', () => {
  const rejection = { reason: 'OutOfcpu', message: '' }
  const after = atBirth(workerInput(pod(), { rejection }))
  const event = { type: 'x' }
  const [nothingStarted] = ofPodWorkers
  expect(nothingStarted?.holds({ before: after, after, event })).toBe(true)
  const made = { ...after, sandbox: { id: 's', ips: [] } }
  expect(violations('pod-worker', { before: after, after: made, event })).toHaveLength(1)
  expect(violations('pod-worker', { before: after, after: { ...after, containerId: 'c' }, event })).toHaveLength(1)
})
test('other machines are not looked at', () => {
  expect(violations('etcd-member', { before: {}, after: {}, event: { type: 'x' } })).toEqual([])
})

/** Two for each that fits, bound past the scheduler. */
const crowd = (count: number): readonly ApiObject[] =>
  Array.from({ length: count }, (_, i): ApiObject & { readonly spec: unknown } => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `p${i}`, namespace: 'default' },
    spec: {
      nodeName: `node-${(i % 2) + 1}`,
      terminationGracePeriodSeconds: 2,
      containers: [
        {
          name: 'c',
          image: 'busybox:1.36',
          command: ['sh', '-c', i % 3 === 0 ? 'sleep 20' : 'sleep 3600'],
          resources: { requests: { cpu: '600m' } },
          ...(i === 5 ? { ports: [{ containerPort: 80, hostPort: 80 }] } : {}),
        },
      ],
    },
  }))
test.each([1, 2, 3])('they hold after every step of a cluster under faults: seed %i', (seed) => {
  const cluster = createCluster({ nodes: 2, seed, capacity: { cpu: '2', memory: '4Gi', pods: '110' } })
  const broken = watched(cluster.world, violations)
  cluster.run('20s')
  cluster.apply(crowd(12))
  cluster.run('15s')
  expect(cluster.get('pods').map((each) => (each as Pod).status?.phase)).toContain('Failed')
  const struck = disturb(cluster, { kinds: FAULT_KINDS, everyMs: 15_000, untilMs: 240_000 })
  cluster.run('3m')
  expect(broken()).toEqual([])
  expect(struck.length).toBeGreaterThan(3)
})
