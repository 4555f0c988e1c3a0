import { describe, expect, test } from 'vitest'
import { nodeHealth } from '../../../../../machines/controllers/node-lifecycle/node-health.ts'
import type { Node, Pod } from '../../../../../machines/protocol/objects.ts'
import { born, expectWhole } from '../../../../kit/chart.ts'
import { lost, ok, refused } from '../kit/replies.ts'
import { AT, controllerInput, neverHeard, node, pod } from '../objects.ts'

const SILENT = { key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule' }
const EVICTING = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }
const told = { at: AT }
const MONITOR = 'node-lifecycle-controller/cp-1'
const version = (of: Node, resourceVersion: number): Node => ({
  ...of,
  metadata: { ...of.metadata, resourceVersion: String(resourceVersion) },
})
const start = (of: Node) => born(nodeHealth, { ...controllerInput, monitor: MONITOR, node: of }, `${MONITOR}/a`, told)
const registered = (of: Node = node('a')) => start(of).on({ type: 'node.registered' })
const stopped = (of: Node = node('a'), pods: readonly Pod[] = [pod('p'), pod('q')]) =>
  registered(of).on({ type: 'heartbeat.stopped', node: of, pods })
const health = (chart: { state: string }) => /health\.([^,]*)/.exec(chart.state)?.[1]
const taints = (chart: { state: string }) => /taints\.([^,]*)/.exec(chart.state)?.[1]
const labels = (chart: { state: string }) => /labels\.([^,]*)/.exec(chart.state)?.[1]
const by = (line: string) => ({ line })
const silent = version(node('a', 'Unknown', { spec: { taints: [SILENT] } }), 2)

describe('where a node stands', () => {
  test.each([
    ['healthy', node('a')],
    ['notReady', node('a', 'False')],
    ['unreachable', node('a', 'Unknown')],
    ['silent', neverHeard('a')],
  ])('%s', (expected, of) => {
    const known = registered(of)
    expect(health(known)).toBe(expected)
    expect(known.did('send')).toMatchObject([
      {
        event: {
          reason: 'RegisteredNode',
          message: 'Node a event: Registered Node a in Controller',
          about: { kind: 'Node', name: 'a', uid: 'uid-a' },
        },
      },
    ])
    expect(health(known.on({ type: 'node.changed', node: version(node('a'), 2) }))).toBe('healthy')
  })

  test('is not known before the monitor came by', () => {
    expect(health(start(node('a')))).toBe('unregistered')
    expect(health(start(node('a')).on({ type: 'node.changed', node: version(node('a'), 2) }))).toBe('unregistered')
  })

  test('ends with the node', () => {
    const gone = registered().on({ type: 'node.removed' })
    expect([gone.done, gone.did('send')]).toMatchObject([
      true,
      [{ event: { reason: 'RemovingNode', message: 'Node a event: Removing Node a from Controller' } }],
    ])
  })
})

describe('a node that is no longer heard of', () => {
  test('is written to be unknown, told of, and its pods are marked one after another', () => {
    const writing = stopped()
    expect(writing.did('call')[0]?.event).toMatchObject({
      verb: 'update',
      subresource: 'status',
      body: {
        status: { conditions: expect.arrayContaining([expect.objectContaining({ reason: 'NodeStatusUnknown' })]) },
      },
    })
    const marking = writing.on(ok(silent), by('status'))
    expect(marking.did('send')).toMatchObject([
      { event: { reason: 'NodeNotReady', message: 'Node a status is now: NodeNotReady' } },
    ])
    expect(marking.did('call')[0]?.event).toMatchObject({ resource: 'pods', name: 'p', subresource: 'status' })
    const second = marking.on(ok(), by('pod'))
    expect(second.did('send')).toMatchObject([{ event: { kind: 'Warning', message: 'Node is not ready' } }])
    expect(health(second.on(ok(), by('pod')))).toBe('unreachable')
    const gone = second.on(refused(404, 'NotFound'), by('pod'))
    expect([health(gone), gone.did('send')]).toEqual(['unreachable', []])
    const more = marking.on({ type: 'pod.mistaken', pod: pod('r') })
    expect(more.context.pods).toHaveLength(3)
  })

  test('has its pods named again when one could not be marked', () => {
    const marking = stopped().on(ok(silent), by('status'))
    const failed = [
      marking.on(refused(409, 'Conflict'), by('pod')),
      marking.on(lost('pod')),
      marking.after('request timeout'),
    ]
    for (const second of failed) {
      expect(second.did('send')).toMatchObject([{ event: { kind: 'Warning', message: 'Node is not ready' } }])
      const over = second.on(ok(), by('pod'))
      expect([health(over), over.context.unmarked]).toEqual(['unreachable', false])
      expect(over.did('send')).toContainEqual({ do: 'send', to: MONITOR, event: { type: 'pods.unmarked', node: 'a' } })
      const again = over.on({ type: 'pods.mistaken', pods: [pod('p')] })
      expect(again.did('call')[0]?.event).toMatchObject({ resource: 'pods', name: 'p', subresource: 'status' })
    }
    const notReady = registered(node('a', 'False', { spec: { taints: [] } })).on({ type: 'pods.mistaken', pods: [] })
    expect(health(notReady)).toBe('notReady')
  })

  test('that was not ready before is written alone', () => {
    expect(health(stopped(node('a', 'False')).on(ok(silent), by('status')))).toBe('unreachable')
    expect(health(stopped(neverHeard('a')).on(ok(silent), by('status')))).toBe('unreachable')
  })

  test('is read again and written again, five times', () => {
    let chart = stopped()
    for (let i = 0; i < 4; i++) {
      const reading = chart.on(refused(409, 'Conflict'), by('status')).after('retry sleep')
      expect(reading.did('call')[0]?.event).toMatchObject({ verb: 'get' })
      chart = reading.on(ok(version(node('a'), 3 + i)), by('status'))
    }
    const given = chart.on(refused(409, 'Conflict'), by('status')).after('retry sleep')
    expect(health(given)).toBe('healthy')
    const unread = stopped()
      .on(refused(500, 'x'), by('status'))
      .after('retry sleep')
      .on(refused(500, 'x'), by('status'))
    expect(health(unread)).toBe('healthy')
    expect(health(stopped().on(lost('status')))).toBe('healthy')
    expect(health(stopped().after('request timeout'))).toBe('healthy')
  })

  test('has pods marked that become ready later', () => {
    for (const of of [silent, node('a', 'False', { spec: { taints: [] } })]) {
      const marking = registered(of).on({ type: 'pod.mistaken', pod: pod('p') })
      expect(health(marking)).toBe('marking.writing')
    }
  })
})

describe('taints', () => {
  const lostNode = version(node('a', 'Unknown'), 2)

  test('tell of conditions at once, for just the version they were made for', () => {
    const patching = start(lostNode)
    expect(patching.did('call')[0]).toMatchObject({
      line: 'taints',
      event: {
        verb: 'patch',
        body: {
          metadata: { resourceVersion: '2' },
          spec: { taints: [{ ...SILENT, timeAdded: '2026-01-01T00:00:00Z' }] },
        },
      },
    })
    expect(taints(patching.on(ok(version(silent, 3)), by('taints')))).toBe('settled')
    const clearing = registered(silent).on({
      type: 'node.changed',
      node: version(node('a', 'True', { spec: { taints: [SILENT] } }), 3),
    })
    expect(clearing.did('call')[0]?.event).toMatchObject({ body: { spec: { taints: null } } })
  })

  test('that meet a conflict are made anew from what is there', () => {
    const backing = start(lostNode).on(refused(409, 'Conflict'), by('taints'))
    expect(taints(backing)).toBe('backingOff')
    const reading = backing.after('taint back-off')
    expect(taints(reading.on(ok(version(lostNode, 5)), by('taints')))).toBe('patching')
    for (const left of [
      reading.on(refused(404, 'NotFound'), by('taints')),
      reading.on(lost('taints')),
      reading.after('request timeout'),
      start(lostNode).on(refused(404, 'NotFound'), by('taints')),
      start(lostNode).on(lost('taints')),
    ])
      expect(taints(left)).toBe('leftAlone')
    const late = start(lostNode).after('request timeout')
    expect(taints(late.on({ type: 'node.changed', node: version(lostNode, 6) }))).toBe('patching')
    for (const type of ['turn.came', 'taint.mistaken', 'node.reached'])
      expect(taints(late.on({ type, node: lostNode }))).toBe('patching')
  })

  test('evict by turn, and go when the node is reached', () => {
    const patching = registered(silent).on({ type: 'turn.came', node: silent })
    expect(patching.did('call')[0]?.event).toMatchObject({ body: { spec: { taints: [SILENT, EVICTING] } } })
    const both = version(node('a', 'Unknown', { spec: { taints: [SILENT, EVICTING] } }), 3)
    const settled = patching.on(ok(both), by('taints'))
    expect([taints(settled), settled.context.execution]).toEqual(['settled', 'as it is'])
    const back = version(node('a', 'True', { spec: { taints: [EVICTING] } }), 4)
    expect(registered(back).on({ type: 'node.reached', node: back }).did('call')[0]?.event).toMatchObject({
      body: { spec: { taints: null } },
    })
    const wrong = version(node('a', 'False', { spec: { taints: [EVICTING] } }), 5)
    expect(taints(registered(wrong).on({ type: 'taint.mistaken', node: wrong }))).toBe('patching')
    const clean = registered().on({ type: 'taint.mistaken', node: node('a') })
    expect(taints(clean)).toBe('settled')
  })

  test('asked for while a patch is under way are seen to after it', () => {
    const patching = start(lostNode)
    for (const [type, execution] of [
      ['turn.came', 'by state'],
      ['taint.mistaken', 'by state'],
      ['node.reached', 'none'],
    ] as const)
      expect(patching.on({ type, node: lostNode }).context.execution).toBe(execution)
  })

  test('asked for before the first condition is written wait for it', () => {
    const waiting = stopped(neverHeard('a')).on({ type: 'turn.came', node: neverHeard('a') })
    expect([taints(waiting), waiting.context.execution]).toEqual(['settled', 'by state'])
    const patching = waiting.on(ok(version(node('a', 'Unknown'), 2)), by('status'))
    expect(taints(patching)).toBe('patching')
  })

  test('an answer or a cache that is older than what is known changes nothing', () => {
    const known = registered(version(node('a'), 9))
    expect(
      known.on({ type: 'node.changed', node: version(node('a', 'False'), 3) }).context.node.metadata,
    ).toMatchObject({
      resourceVersion: '9',
    })
    const unspoken = start(lostNode).on({ type: 'api.answered', code: 200 }, by('taints'))
    expect(taints(unspoken)).toBe('patching')
  })
})

describe('labels', () => {
  const old = node('a', 'True', { metadata: { labels: { 'kubernetes.io/os': 'linux' } } })

  test('are patched, and not again before the cache has answered', () => {
    const patching = start(old)
    expect(patching.did('call')[0]).toMatchObject({
      line: 'labels',
      event: { body: { metadata: { labels: { 'beta.kubernetes.io/os': 'linux' } } } },
    })
    const written = patching.on(ok(), by('labels'))
    expect(labels(written)).toBe('written')
    expect(labels(written.on({ type: 'node.changed', node: version(node('a'), 2) }))).toBe('settled')
    expect(labels(patching.on(lost('labels')))).toBe('written')
    expect(labels(patching.after('request timeout'))).toBe('written')
  })
})

expectWhole(nodeHealth)
