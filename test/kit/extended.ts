/**
 * A short story of a scheduler in which others have a say: an extender that filters, scores and spares victims, one that
 * binds what it manages, and a Permit plugin that lets pods go by twos and refuses one.
 */
import { setup } from 'xstate'
import { type Cluster, type ClusterOptions, createCluster } from '../../machines/index.ts'
import type { ExtenderAsked, PermitAnswered, PermitAsked } from '../../machines/protocol/extender.ts'
import { answer, born, send, verbs } from '../../runtime/contract.ts'

const schedulerConfiguration = {
  apiVersion: 'kubescheduler.config.k8s.io/v1',
  kind: 'KubeSchedulerConfiguration',
  profiles: [{ plugins: { permit: { enabled: [{ name: 'by-twos' }] } } }],
  extenders: [
    {
      urlPrefix: 'http://outside',
      filterVerb: 'filter',
      prioritizeVerb: 'prioritize',
      preemptVerb: 'preempt',
      weight: 1,
      nodeCacheCapable: true,
    },
    { urlPrefix: 'http://binder', bindVerb: 'bind', managedResources: [{ name: 'example.com/gpu' }] },
  ],
}
const CAPACITY = { cpu: '4', memory: '8Gi', pods: '110', 'example.com/gpu': '2' }

/** @param begun called with the cluster at power-on */
export function extended(options: Partial<ClusterOptions>, begun: (cluster: Cluster) => void): Cluster {
  const others = { schedulerConfiguration, permitPlugins: [byTwos], machines: [outside], capacity: CAPACITY }
  const cluster = createCluster({ nodes: 2, ready: false, ...others, ...options })
  begun(cluster)
  cluster.runUntil(({ revision }) => revision > 0 && cluster.node('node-2').ready, { within: '1m' })
  for (const where of ['outside', 'binder'])
    cluster.world.operate({ op: 'spawn', address: `extender/workstation/${where}`, machine: 'outside', input: {} })
  cluster.apply(CLASS + pod('one', '{ cpu: "3" }'))
  cluster.run('5s')
  cluster.apply(pod('two', '{ cpu: "3" }') + pod('gpu', '{ example.com/gpu: "1" }') + pod('refused', '{ cpu: 10m }'))
  cluster.runUntil((it) => it.pod('one').ready && it.pod('two').ready, { within: '1m' })
  cluster.apply(pod('urgent', '{ cpu: "2" }', 'priorityClassName: urgent,'))
  cluster.run('40s')
  return cluster
}

const CLASS = `
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: { name: urgent }
value: 1000
---`
const pod = (name: string, limits: string, more = '') => `
apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec: { ${more} containers: [{ name: c, image: nginx, resources: { limits: ${limits} } }] }
---`

interface Nothing {
  readonly type: string
}
const outsider = verbs<Nothing, ExtenderAsked>()

/** Agrees to every node and every victim, likes node-2, and binds nothing. */
const outside = setup({
  types: { context: {} as Nothing, events: {} as ExtenderAsked, input: {} as unknown },
  actions: {
    'say something': outsider.ask('extender.asked', (_, { url, body }, { from, call }) =>
      answer(from, call, { type: 'extender.answered', code: 200, body: saidOf(url, body as Record<string, unknown>) }),
    ),
  },
}).createMachine({
  id: 'outside',
  context: born(() => ({ type: '' })),
  initial: 'listening',
  states: { listening: { on: { 'extender.asked': { actions: 'say something' } } } },
})

function saidOf(url: string, body: Record<string, unknown>): unknown {
  if (url.endsWith('/prioritize')) return [{ Host: 'node-2', Score: 10 }]
  return url.endsWith('/bind') ? { Error: 'no' } : body
}

interface Context {
  readonly waiting: readonly string[]
}
const plugin = verbs<Context, PermitAsked>()

const byTwos = setup({
  types: { context: {} as Context, events: {} as PermitAsked, input: {} as unknown },
  actions: {
    'let them go by twos': plugin.decide('permit.asked', ({ waiting }, { pod: asked, waiter }, { from, call }) => {
      const said = (permit: Omit<PermitAnswered, 'type'>) => answer(from, call, { type: 'permit.answered', ...permit })
      if (asked.metadata.name === 'refused') return [{ waiting }, said({ verdict: 'reject', message: 'not this one' })]
      if (waiting.length === 0) return [{ waiting: [waiter] }, said({ verdict: 'wait', timeoutMs: 30_000 })]
      const allowed = waiting.map((one) => send(one, { type: 'permit.allowed', plugin: 'by-twos' }))
      return [{ waiting: [] }, [said({ verdict: 'allow' }), ...allowed]]
    }),
  },
}).createMachine({
  id: 'by-twos',
  context: born(() => ({ waiting: [] })),
  initial: 'counting',
  states: { counting: { on: { 'permit.asked': { actions: 'let them go by twos' } } } },
})
