import { expect, test } from 'vitest'
import { kwokPods } from '../../../../machines/kwok/pods.ts'
import { born, expectWhole } from '../../../kit/chart.ts'
import { added, CLIENT, cacheChanged, moved, pod, removed } from './fixtures.ts'

const HELD = { type: 'fakeNode.held', node: 'kwok-node-0', hostIP: '192.168.0.5', podCIDR: '10.0.1.0/24' }
const start = () => born(kwokPods, { ...CLIENT, host: 'kwok', cidr: '10.0.0.1/24' }, 'kwok-pods/kwok').on(HELD)
const told = (...deltas: Parameters<typeof cacheChanged>[1]) => cacheChanged('pods', deltas)
const many = (count: number) => told(...Array.from({ length: count }, (_, i) => added(pod(`web-${i}`))))
const played = (name: string, outcome: string) => ({ type: 'stage.played', key: `default/${name}`, outcome })
const PLAYER = { from: 'kwok-player/kwok/1' }

test('four players are there from the start, and the pods of a node that is taken on are looked up', () => {
  const chart = born(kwokPods, { ...CLIENT, host: 'kwok', cidr: '10.0.0.1/24' }, 'kwok-pods/kwok')
  expect(chart.did('spawn')).toHaveLength(4)
  const held = chart.on(HELD)
  expect(held.did('spawn')).toMatchObject([{ address: 'kwok-pod-list/kwok/kwok-node-0', machine: 'kwok-pod-list' }])
  expect(held.on({ ...HELD, hostIP: '1.1.1.1' }).asked).toEqual([])
  expect(held.on({ type: 'fakePods.listed', pods: [pod('web-0')] }).did('send')).toHaveLength(1)
})

test('a pod that was bound becomes ready, with an address of its node', () => {
  const chart = start().on(many(1))
  expect(chart.did('send')).toMatchObject([
    {
      to: 'kwok-player/kwok/1',
      event: {
        type: 'stage.due',
        key: 'default/web-0',
        stage: 'pod-ready',
        status: { phase: 'Running', hostIP: '192.168.0.5', podIP: '10.0.1.0' },
      },
    },
  ])
  expect(chart.state).toBe('atHand')
})

test('pods of nodes that are not ours are left alone', () => {
  const chart = start().on({ type: 'fakeNode.released', node: 'kwok-node-0' })
  expect(chart.on(many(1)).asked).toEqual([])
})

test('when all players are at work pods wait for the next that is done', () => {
  const busy = start().on(many(5))
  expect(busy.state).toBe('busy')
  expect(busy.did('send')).toHaveLength(4)
  const next = busy.on(played('web-0', 'done'), PLAYER)
  expect(next.did('send')).toMatchObject([{ to: 'kwok-player/kwok/1', event: { key: 'default/web-4' } }])
  expect(next.state).toBe('busy')
  expect(next.on(played('web-4', 'done'), PLAYER).state).toBe('atHand')
})

test('what comes while all are at work waits too', () => {
  const busy = start().on(many(4))
  for (const event of [
    told(added(pod('late'))),
    { type: 'fakePods.listed', pods: [pod('late')] },
    { type: 'stage.retried', key: 'default/late', job: { pod: pod('late'), stage: 'pod-ready', retries: 1 } },
  ]) {
    const waiting = busy.on(event)
    expect(waiting.asked).toEqual([])
    expect(waiting.on(played('web-0', 'done'), PLAYER).did('send')).toMatchObject([{ event: { key: 'default/late' } }])
  }
})

test('a stage that failed for a while is played again after a second', () => {
  for (const count of [1, 4]) {
    const chart = start().on(many(count)).on(played('web-0', 'retry'), PLAYER)
    expect(chart.state).toBe('atHand')
    const [again] = chart.did('wake')
    expect(again?.afterMs).toBeGreaterThanOrEqual(1_000)
    expect(again?.afterMs).toBeLessThan(1_200)
    expect(chart.on(again?.event ?? { type: '' }).did('send')).toMatchObject([{ event: { key: 'default/web-0' } }])
  }
  const unknown = start().on(played('nobody', 'retry'), PLAYER)
  expect(unknown.did('wake')).toEqual([])
})

test('one that failed for good waits for its next change', () => {
  const chart = start().on(many(1)).on(played('web-0', 'failed'), PLAYER)
  expect(chart.asked).toEqual([])
  const newer = pod('web-0', { metadata: { resourceVersion: '2' } })
  expect(chart.on(told(moved(pod('web-0'), newer))).did('send')).toHaveLength(1)
})

test('a pod that is gone is played no more', () => {
  const busy = start()
    .on(many(5))
    .on(told(removed(pod('web-4'))))
  expect(busy.on(played('web-0', 'done'), PLAYER).asked).toEqual([])
})

expectWhole(kwokPods)
