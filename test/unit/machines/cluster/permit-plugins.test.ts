import { expect, test } from 'vitest'
import { setup } from 'xstate'
import { createCluster } from '../../../../machines/cluster/create.ts'
import type { PermitAnswered, PermitAsked } from '../../../../machines/protocol/extender.ts'
import { answer, born, send, verbs } from '../../../../runtime/contract.ts'

interface Context {
  readonly waiting: readonly string[]
}
const { decide } = verbs<Context, PermitAsked>()
const GANG = 3

/** Lets pods go when there are three of them. */
const gang = setup({
  types: { context: {} as Context, events: {} as PermitAsked, input: {} as unknown },
  actions: {
    'count it': decide('permit.asked', ({ waiting }, { waiter }, { from, call }) => {
      const permit: PermitAnswered = { type: 'permit.answered', verdict: 'wait', timeoutMs: 60_000 }
      const allowed = { type: 'permit.allowed', plugin: 'gang' }
      if (waiting.length + 1 < GANG) return [{ waiting: [...waiting, waiter] }, answer(from, call, permit)]
      return [
        { waiting: [] },
        [answer(from, call, { ...permit, verdict: 'allow' }), ...waiting.map((one) => send(one, allowed))],
      ]
    }),
  },
}).createMachine({
  id: 'gang',
  context: born(() => ({ waiting: [] })),
  initial: 'gathering',
  states: { gathering: { on: { 'permit.asked': { actions: 'count it' } } } },
})

const pod = (name: string) => `
apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec: { containers: [{ name: c, image: nginx }] }
---`
const schedulerConfiguration = `
apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
profiles: [{ plugins: { permit: { enabled: [{ name: gang }] } } }]
`

test('pods wait on permit until their gang is complete', () => {
  const cluster = createCluster({ nodes: 2, schedulerConfiguration, permitPlugins: [gang] })
  cluster.apply(pod('a') + pod('b'))
  cluster.run('20s')
  const nodeOf = (name: string) => cluster.pod(name).object?.spec.nodeName
  expect(['a', 'b'].map(nodeOf)).toEqual([undefined, undefined])
  expect(cluster.state('binding-cycle/cp-1/default/a')).toBe('waitingOnPermit')
  cluster.apply(pod('c'))
  cluster.runUntil(() => ['a', 'b', 'c'].every((name) => cluster.pod(name).ready), { within: '30s' })
})

test('or for too long: then they are tried again when anything happens', () => {
  const cluster = createCluster({ nodes: 1, schedulerConfiguration, permitPlugins: [gang] })
  cluster.apply(pod('a'))
  cluster.run('70s')
  const { message, reason } =
    cluster.pod('a').object?.status?.conditions?.find(({ type }) => type === 'PodScheduled') ?? {}
  expect([reason, message]).toEqual([
    'Unschedulable',
    '0/1 nodes are available: 1 rejected due to timeout after waiting 1m0s at plugin gang.',
  ])
})
