import { expect, test } from 'vitest'
import { kubelet } from '../../../../machines/kubelet/kubelet.ts'
import type { ApiObject, Pod } from '../../../../machines/protocol/objects.ts'
import { Tree } from '../../../../runtime/tree.ts'
import { born, type Chart, expectWhole } from '../../../kit/chart.ts'
import { apiFailed, container, lost, ok, PARTS, pod, sandbox } from './fixtures.ts'

type Kubelet = Chart<ReturnType<typeof kubelet.getInitialSnapshot>['context']>
const begin = (): Kubelet =>
  born(
    kubelet,
    {
      node: 'node-1',
      apiserver: PARTS.apiserver,
      runtime: PARTS.runtime,
      hostIP: PARTS.hostIP,
      capacity: { cpu: '4', memory: '8Gi', pods: '110' },
      labels: {},
      taints: [],
    },
    'kubelet/node-1',
  )
const NODE = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'node-1', uid: 'n1' },
  status: { allocatable: { cpu: '1', pods: '110' } },
}
const listed = (...containers: unknown[]) => ({
  type: 'runtime.listed',
  sandboxes: containers.length > 0 ? [sandbox()] : [],
  containers,
})
const changed = (
  resource: string,
  deltas: readonly { key: string; was?: ApiObject; now?: ApiObject }[],
  filled = false,
) => ({
  type: 'cache.changed',
  resource,
  cache: {
    view: '',
    resourceVersion: '1',
    objects: Tree.of(deltas.flatMap(({ key, now }) => (now ? [[key, now] as const] : []))),
    by: {},
  },
  deltas,
  filled,
})
const serving = () =>
  begin()
    .on(ok(NODE))
    .on(listed())
    .on(changed('pods', [], true))
const added = (now: Pod = pod()) => changed('pods', [{ key: 'default/web', now }])
const spawned = (chart: Kubelet) => chart.did('spawn').map(({ address }) => address)

test('it starts its parts, says so, and registers its node', () => {
  const chart = begin()
  expect(chart.state).toBe('node.registering, pods.waitingForRuntime')
  expect(spawned(chart)).toContain('pleg/node-1')
  expect(chart.did('send').map(({ event }) => (event as unknown as { reason: string }).reason)).toEqual([
    'Starting',
    'InvalidDiskCapacity',
    'NodeHasSufficientMemory',
    'NodeHasNoDiskPressure',
    'NodeHasSufficientPID',
    'NodeAllocatableEnforced',
  ])
  expect(chart.did('call')).toMatchObject([{ event: { verb: 'create', resource: 'nodes' } }])
  expect(spawned(chart.on(ok(NODE)))).toEqual(['node-lease/node-1', 'node-status/node-1'])
})

test('a node that exists already is taken over', () => {
  const chart = begin().on(apiFailed(409, 'AlreadyExists'))
  expect(chart.did('call')).toMatchObject([{ event: { verb: 'get' } }])
  expect(chart.on(ok(NODE)).state).toContain('node.registered')
})

test('what the server says of the node meanwhile is not what is created', () => {
  const node: ApiObject = { ...NODE, metadata: { ...NODE.metadata, resourceVersion: '7' } }
  const known = begin()
    .on(lost('node'))
    .on({ ...changed('nodes', [{ key: 'node-1', now: node }]) })
  const [call] = known.after('back-off').did('call')
  expect(call).toMatchObject({ event: { verb: 'create', body: { metadata: { name: 'node-1' } } } })
  expect(JSON.stringify(call)).not.toContain('resourceVersion')
})

test('an API server that is away is tried again', () => {
  const taking = begin().on(apiFailed(409, 'AlreadyExists'))
  for (const chart of [
    begin().on(apiFailed(503, 'Unavailable')),
    begin().on(lost('node')),
    begin().after('request timeout'),
    taking.on(apiFailed(503, 'Unavailable')),
    taking.on(lost('node')),
    taking.after('request timeout'),
  ]) {
    expect(chart.state).toContain('node.backingOff')
    expect(chart.after('back-off').state).toContain('node.registering')
  }
})

test('how the runtime is goes to the status of the node, once there is one', () => {
  const event = { type: 'runtime.readiness', problems: [] }
  expect(begin().on(event).did('send')).toHaveLength(0)
  expect(begin().on(ok(NODE)).on(event).did('send')).toMatchObject([{ to: 'node-status/node-1' }])
})

test('pods are followed once the runtime was listed, and each gets a worker', () => {
  const chart = begin().on(listed())
  expect(spawned(chart)).toEqual(['reflector/node-1/kubelet/pods'])
  expect(chart.on(listed()).state).toContain('pods.waitingForPods')
  expect(spawned(serving().on(added()))).toEqual(['pod-worker/node-1/default/web'])
})

test('the containers of an earlier life are handed to their worker; those of nobody are killed', () => {
  const found = begin().on(listed(container()))
  const known = found.on(changed('pods', [{ key: 'default/web', now: pod() }], true))
  expect(known.did('spawn')).toMatchObject([{ input: { found: { containers: [{ id: 'c0' }] } } }])
  const unknown = found.on(changed('pods', [], true))
  expect(unknown.did('spawn')).toMatchObject([{ input: { orphan: true, pod: { metadata: { name: 'web' } } } }])
})

test('the node is kept as it is now, and admission goes by it', () => {
  const chart = serving().on(
    changed('nodes', [{ key: 'node-1', now: { ...NODE, metadata: { ...NODE.metadata, labels: { a: 'b' } } } }]),
  )
  expect(chart.context.node.metadata.labels).toEqual({ a: 'b' })
  const greedy = pod({ containers: [{ name: 'c', image: 'x', resources: { requests: { cpu: '2' } } }] })
  expect(chart.on(added(greedy)).did('spawn')).toMatchObject([{ input: { rejection: { reason: 'OutOfcpu' } } }])
})

test('when the API does not know how the node is, its status is to be told anew', () => {
  const conditions = [{ type: 'Ready', status: 'Unknown' }]
  const doubted = serving().on(changed('nodes', [{ key: 'node-1', now: { ...NODE, status: { conditions } } as never }]))
  expect(doubted.did('send')).toMatchObject([{ to: 'node-status/node-1', event: { type: 'node.doubted', conditions } }])
  expect(doubted.context.node.status?.conditions).toEqual(conditions)
})

test('what a pod used is free as soon as nothing of it runs, its name when it has ended', () => {
  const big = pod({ containers: [{ name: 'c', image: 'x', resources: { requests: { cpu: '1' } } }] })
  const chart = serving()
    .on(changed('nodes', [{ key: 'node-1', now: NODE as ApiObject }]))
    .on(added(big))
  expect(chart.context.pods.used.amounts['cpu']).toBe(1_000)
  const about = { key: 'default/web', uid: 'u1' }
  const stopped = chart.on({ type: 'pod.stopped', ...about })
  expect(stopped.context.pods.used.amounts['cpu']).toBe(0)
  expect(stopped.on({ type: 'pod.stopped', ...about }).context.pods).toBe(stopped.context.pods)
  for (const ended of [chart, stopped].map((one) => one.on({ type: 'pod.terminated', ...about })))
    expect([ended.context.pods.used.amounts['cpu'], ended.context.pods.work.size]).toEqual([0, 1])
})

test('after the runtime was away all workers are shown everything', () => {
  const chart = serving().on(added()).on(listed(container()))
  expect(chart.did('send')).toMatchObject([
    { event: { type: 'pod.relisted', whole: true, changed: { containers: [{ id: 'c0' }] } } },
  ])
})

expectWhole(kubelet)
