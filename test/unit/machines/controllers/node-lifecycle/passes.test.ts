import { describe, expect, test } from 'vitest'
import {
  type Monitored,
  nodesChanged,
  passed,
  podsChanged,
  zoneCameDue,
} from '../../../../../machines/controllers/node-lifecycle/passes.ts'
import type { Cache } from '../../../../../machines/protocol/cache.ts'
import type { Lease, Node } from '../../../../../machines/protocol/objects.ts'
import type { Effect } from '../../../../../runtime/contract.ts'
import { Tree } from '../../../../../runtime/tree.ts'
import { AT, controllerInput, node, object, pod, viewOf } from '../objects.ts'

const SELF = 'node-lifecycle-controller/cp-1'
const EVICTING = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }
const empty: Monitored = {
  ...controllerInput,
  nodes: Tree.of(),
  heartbeats: Tree.of(),
  zones: Tree.of(),
  podsOf: Tree.of(),
  departed: Tree.of(),
  unmarked: Tree.of(),
}
const leases = (...renewed: readonly (readonly [string, string])[]): Cache<Lease> => {
  const all = renewed.map(([name, renewTime]) =>
    object('coordination.k8s.io/v1', 'Lease', name, {
      metadata: { namespace: 'kube-node-lease' },
      spec: { renewTime },
    }),
  )
  return viewOf({ leases: all }).leases as Cache<Lease>
}
const none = leases()
const knowing = (...nodes: readonly Node[]): Monitored => ({
  ...empty,
  nodes: Tree.of(nodes.map((each) => [each.metadata.name, each] as const)),
})
const pass = (context: Monitored, at: number, renewed = none) => {
  const [change, effects] = passed(context, renewed, SELF, at)
  return { context: { ...context, ...change }, told: said(effects), effects }
}
const said = (effects: readonly Effect[]) =>
  effects.flatMap((effect) =>
    effect.do === 'send' ? [`${effect.to.slice(SELF.length + 1)} ${effect.event.type}`] : [],
  )
const become = (context: Monitored, ...nodes: readonly Node[]): Monitored => ({
  ...context,
  nodes: nodes.reduce((all, each) => all.set(each.metadata.name, each), context.nodes),
})

describe('a pass', () => {
  test('registers whom it sees first, and finds nothing else to say of who is well', () => {
    const first = pass(knowing(node('a'), node('b')), AT)
    expect(first.told).toEqual(['a node.registered', 'b node.registered'])
    expect(pass(first.context, AT + 5_000).told).toEqual([])
  })

  test('gives a node up 50 s after it was last heard of, and evicts a pass later', () => {
    const first = pass({ ...knowing(node('a'), node('b')), podsOf: Tree.of([['a', Tree.of([['p', pod('p')]])]]) }, AT)
    const alive = pass(first.context, AT + 45_000, leases(['b', '2026-01-01T00:00:45.000000Z']))
    expect(alive.told).toEqual([])
    const lost = pass(alive.context, AT + 50_000)
    expect(lost.told).toEqual(['a heartbeat.stopped'])
    expect(lost.effects).toMatchObject([{ event: { pods: [{ metadata: { name: 'p' } }] } }])
    const evicting = pass(become(lost.context, node('a', 'Unknown')), AT + 55_000)
    expect(evicting.told).toEqual(['a turn.came'])
  })

  test('lets one node of a zone be tainted every 10 s', () => {
    const all = knowing(node('a', 'Unknown'), node('b', 'False'), ...['c', 'd', 'e'].map((name) => node(name)))
    const first = pass(all, AT)
    expect(first.told).toContain('a turn.came')
    expect(first.effects).toContainEqual(expect.objectContaining({ do: 'wake', afterMs: 10_000 }))
    const [change, effects] = zoneCameDue(first.context, '', SELF, AT + 10_000)
    expect(said(effects)).toEqual(['b turn.came'])
    expect(zoneCameDue({ ...first.context, ...change }, 'nowhere', SELF, AT)).toEqual([{}, []])
  })

  test('reaches a node that is ready and tainted, and corrects a taint of the other kind', () => {
    const spec = { taints: [EVICTING] }
    const known = knowing(node('a', 'True', { spec }), node('b', 'False', { spec }), node('c', 'Unknown', { spec }))
    expect(pass(known, AT).told.filter((each) => !each.endsWith('registered'))).toEqual([
      'a node.reached',
      'b taint.mistaken',
    ])
  })

  test('removes the taints of all when all are lost, and forgives all when one is back', () => {
    const lost = pass(knowing(node('a', 'Unknown'), node('b', 'Unknown')), AT)
    expect(lost.told.filter((each) => each.endsWith('reached'))).toEqual(['a node.reached', 'b node.reached'])
    expect(lost.told).not.toContain('a turn.came')
    const back = pass(become(lost.context, node('a')), AT + 40_000)
    expect(back.context.heartbeats.get('b')?.heardAt).toBe(AT + 40_000)
  })

  test('does not count nodes that are excluded from disruption', () => {
    const labels = { 'node.kubernetes.io/exclude-disruption': '' }
    const lost = pass(knowing(node('a', 'Unknown'), node('b', 'True', { metadata: { labels } })), AT)
    expect(lost.told).toContain('a node.reached')
  })

  test('gives a node that never posted a minute, and its turn with the first condition', () => {
    const silent = object('v1', 'Node', 'a', { status: {} }) as Node
    const first = pass(knowing(silent, node('b'), node('c')), AT + 3_000)
    const later = pass(first.context, AT + 60_000, leases(['b', 'x'], ['c', 'x']))
    expect(later.told).toEqual(['a heartbeat.stopped', 'a turn.came'])
  })
})

describe('between passes', () => {
  const change = (context: Monitored, was: Node | undefined, now: Node | undefined) => {
    const key = (now ?? was)?.metadata.name ?? ''
    const [next, effects] = nodesChanged(context, [{ key, was, now }], SELF, AT)
    return { context: { ...context, ...next }, effects }
  }

  test('a new node gets its actor, and what concerns it is passed on', () => {
    const born = change(empty, undefined, node('a'))
    expect(born.effects.map((effect) => effect.do)).toEqual(['stop', 'spawn'])
    expect(said(change(born.context, node('a'), node('a', 'False')).effects)).toEqual(['a node.changed'])
    const cordoned = node('a', 'True', { spec: { unschedulable: true } })
    expect(said(change(born.context, node('a'), cordoned).effects)).toEqual(['a node.changed'])
    const beating = node('a', 'True', { metadata: { annotations: { x: 'y' } } })
    expect(change(born.context, node('a'), beating).effects).toEqual([])
  })

  test('one that goes is told so by the next pass, unless it is made again before', () => {
    const known = pass(knowing(node('a', 'Unknown'), node('b')), AT).context
    const gone = change(known, node('a', 'Unknown'), undefined)
    expect(gone.effects).toEqual([])
    expect(pass(gone.context, AT + 5_000).told).toEqual(['a node.removed'])
    const again = change(gone.context, undefined, node('a'))
    expect(pass(again.context, AT + 5_000).told).toEqual(['a node.registered'])
  })

  test('a pod that comes, ready, to a node that is not is passed on', () => {
    const known = pass(knowing(node('node-1', 'Unknown'), node('b')), AT).context
    const told = (on: Monitored, ready: boolean) =>
      said(podsChanged(on, [{ key: 'default/p', was: undefined, now: pod('p', { ready }) }], SELF))
    expect(told(known, true)).toEqual(['node-1 pod.mistaken'])
    expect(told(known, false)).toEqual([])
    expect(told(become(known, node('node-1')), true)).toEqual([])
    expect(told(empty, true)).toEqual([])
    expect(podsChanged(known, [{ key: 'default/p', was: pod('p'), now: undefined }], SELF)).toEqual([])
    const before = { key: 'default/p', was: pod('p', { ready: false }), now: pod('p', { ready: true }) }
    expect(podsChanged(known, [before], SELF)).toEqual([])
  })
})

test('pods that could not be marked are named again in the next pass, if their node is not ready even now', () => {
  const nodes = [node('a', 'Unknown'), node('b'), node('c', 'False')]
  const owing = { ...knowing(...nodes), unmarked: Tree.of(['a', 'b'].map((name) => [name, true] as const)) }
  const first = pass(owing, AT)
  expect(first.told).toContain('a pods.mistaken')
  expect(first.told.filter((each) => each.endsWith('pods.mistaken'))).toHaveLength(1)
  expect(first.context.unmarked.size).toBe(0)
})
