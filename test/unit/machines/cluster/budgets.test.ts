/** PodDisruptionBudgets in a whole cluster: who counts them, who takes from them, and who minds them. */
import { expect, test } from 'vitest'
import {
  type Cluster,
  createCluster,
  type Pod,
  type PodDisruptionBudget,
  requests,
} from '../../../../machines/index.ts'

const deployment = (name: string, replicas: number, spec: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'c', image: 'i' }], ...spec } },
  },
})
const budget = (name: string, spec: object) => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name },
  spec: { selector: { matchLabels: { app: name } }, ...spec },
})
const statusOf = (cluster: Cluster, name: string) =>
  cluster.object<PodDisruptionBudget>('poddisruptionbudgets', name)?.status
const podsOf = (cluster: Cluster, app: string): readonly Pod[] =>
  cluster.get<Pod>('pods').filter(({ metadata }) => metadata.labels?.['app'] === app)
const allows = (name: string, count: number) => (cluster: Cluster) =>
  statusOf(cluster, name)?.disruptionsAllowed === count

const ADMIN = { name: 'kubernetes-admin', groups: ['system:masters'] }
/** Asks one server, without waiting. */
function evict(cluster: Cluster, server: string, { metadata }: Pod): void {
  const place = { resource: 'pods', namespace: 'default', name: metadata.name, subresource: 'eviction' } as const
  const event = requests.create(ADMIN, place, {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name: metadata.name },
  })
  cluster.world.operate({ op: 'call', to: `kube-apiserver/${server}`, from: 'somebody/outside', event })
}

test('two servers that are asked at about the same time do not both give the last of a budget away', () => {
  const begun = createCluster({ nodes: 3, controlPlanes: 3 })
  begun.apply([deployment('web', 3), budget('web', { minAvailable: 2 })] as never)
  begun.runUntil(allows('web', 1), { within: '2m' })
  const [a, b] = podsOf(begun, 'web') as readonly [Pod, Pod]
  const lates = [-4, -3, -2, -1, 0, 1, 2].map((headStart) => {
    const cluster = begun.fork()
    const answers: (readonly [code: number | undefined, at: number])[] = []
    cluster.world.bindOutside('somebody/outside', (item) =>
      answers.push([(item as unknown as { event: { code?: number } }).event.code, cluster.now]),
    )
    const began = cluster.now
    const [first, second] = headStart < 0 ? ([b, a] as const) : ([a, b] as const)
    evict(cluster, headStart < 0 ? 'cp-2' : 'cp-1', first)
    cluster.run(Math.abs(headStart))
    evict(cluster, headStart < 0 ? 'cp-1' : 'cp-2', second)
    cluster.run('2s')
    expect(answers.map(([code]) => code).sort()).toEqual([201, 429])
    return Math.max(...answers.map(([, at]) => at)) - began
  })
  // Whoever wrote in vain pauses before it looks again.
  expect(lates.some((ms) => ms > 500)).toBe(true)
  begun.runUntil((c) => podsOf(c, 'web').length === 3 && allows('web', 1)(c), { within: '3m' })
})

test('a drain waits while a budget forbids it, and says so', () => {
  const cluster = createCluster({ nodes: 2 })
  cluster.apply([deployment('web', 1), budget('web', { maxUnavailable: 0 })] as never)
  cluster.runUntil((c) => c.deployment('web').available, { within: '2m' })
  const node = podsOf(cluster, 'web')[0]?.spec.nodeName ?? ''
  const { code, lines } = cluster.fork().kubectl.attempt({ command: 'drain', node, timeoutMs: 12_000 })
  expect([code, lines.filter((line) => line.startsWith('evicting pod'))]).toMatchObject([1, { length: 3 }])
  expect(lines[2]).toMatch(
    /^error when evicting pods\/"web-\S+" -n "default" \(will retry after 5s\): Cannot evict pod as it would violate the pod's disruption budget\.$/,
  )
  expect(podsOf(cluster, 'web')).toHaveLength(1)
})

test('preemption takes its place from whom no budget protects', () => {
  const filler = (name: string) =>
    deployment(name, 1, { containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '2.5' } } }] })
  const urgent = [
    { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'urgent' }, value: 1_000 },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'urgent' },
      spec: {
        priorityClassName: 'urgent',
        containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '2' } } }],
      },
    },
  ]
  const begun = createCluster({ nodes: 2 })
  begun.apply([filler('a'), filler('b')] as never)
  begun.runUntil((c) => c.deployment('a').available && c.deployment('b').available, { within: '2m' })
  for (const [kept, taken] of [
    ['a', 'b'],
    ['b', 'a'],
  ] as const) {
    const cluster = begun.fork()
    cluster.apply(budget(kept, { minAvailable: 1 }) as never)
    cluster.run('5s')
    const node = podsOf(cluster, taken)[0]?.spec.nodeName
    cluster.apply(urgent as never)
    cluster.runUntil((c) => c.pod('urgent').object?.spec.nodeName !== undefined, { within: '2m' })
    expect(cluster.pod('urgent').object?.spec.nodeName).toBe(node)
    expect(podsOf(cluster, kept).map(({ metadata }) => metadata.deletionTimestamp)).toEqual([undefined])
  }
})

test('a pod that was told to go and stays is told after two minutes that it may', () => {
  const cluster = createCluster({ nodes: 1 })
  cluster.apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'c', image: 'i' }] },
  } as never)
  cluster.runUntil((c) => c.pod('p').ready, { within: '2m' })
  const place = { resource: 'pods', namespace: 'default', name: 'p', subresource: 'status' } as const
  const told = { type: 'DisruptionTarget', status: 'True', reason: 'x', lastTransitionTime: stamp(cluster) }
  const event = requests.patch(ADMIN, place, 'strategic', { status: { conditions: [told] } })
  cluster.world.bindOutside('somebody/outside', () => undefined)
  cluster.world.operate({ op: 'call', to: 'kube-apiserver/cp-1', from: 'somebody/outside', event })
  const saidOf = (c: Cluster) =>
    c.pod('p').object?.status?.conditions?.find(({ type }) => type === 'DisruptionTarget')?.status
  cluster.run('115s')
  expect(saidOf(cluster)).toBe('True')
  cluster.run('10s')
  expect(saidOf(cluster)).toBe('False')
})
const stamp = (cluster: Cluster): string => `${new Date(cluster.world.clock('cp-1')).toISOString().slice(0, 19)}Z`
