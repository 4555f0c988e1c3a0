import { expect, test } from 'vitest'
import { kwokNode } from '../../../../machines/kwok/node.ts'
import type { Node } from '../../../../machines/protocol/objects.ts'
import { born, expectWhole } from '../../../kit/chart.ts'
import { CLIENT, KWOK, lost, node, ok, refused, runningNode } from './fixtures.ts'

const start = (of: Node = node('kwok-node-0')) =>
  born(
    kwokNode,
    { ...CLIENT, kwok: KWOK, node: of, identity: 'kwok_1', leases: 'leases', pods: 'pods' },
    'kwok-node/kwok/kwok-node-0',
  )
const TAKEN = { type: 'fakeLease.taken' }
const changed = (to: Node) => ({ type: 'fakeNode.changed', node: to })
const managed = (of?: Node) => start(of).on(TAKEN)

test('nothing is written before the lease is ours', () => {
  const chart = start()
  expect(chart.asked).toMatchObject([
    { do: 'spawn', address: 'kwok-lease/kwok/kwok-node-0', input: { node: 'kwok-node-0', uid: 'uid-kwok-node-0' } },
  ])
  expect(chart.on(changed(runningNode('kwok-node-0'))).asked).toEqual([])
})

test('a node that is not ready is made ready, and its pods are ours to play', () => {
  const chart = managed()
  expect(chart.state).toBe('managed.initializing')
  expect(chart.did('send')).toMatchObject([
    { to: 'pods', event: { type: 'fakeNode.held', node: 'kwok-node-0', hostIP: '192.168.0.5' } },
  ])
  expect(chart.did('call')).toMatchObject([
    { event: { verb: 'patch', subresource: 'status', body: { status: { phase: 'Running' } } } },
  ])
  expect(chart.on(ok()).state).toBe('managed.leftAlone')
})

test('then it says every ten minutes that it is there', () => {
  const chart = managed()
    .on(ok())
    .on(changed(runningNode('kwok-node-0')))
  expect(chart.state).toBe('managed.ready')
  const beating = chart.after('heartbeat delay')
  expect(beating.did('call')[0]?.event).not.toHaveProperty('body.status.phase')
  expect(beating.did('call')[0]?.event).toHaveProperty('body.status.conditions')
  expect(beating.on(ok()).state).toBe('managed.leftAlone')
})

test('a node that is ready and whose phase nobody set is left alone', () => {
  const { status, ...rest } = runningNode('kwok-node-0')
  expect(managed({ ...rest, status: { conditions: status?.conditions ?? [] } }).state).toBe('managed.leftAlone')
})

test('the players of pods are told when its addresses changed, and only then', () => {
  const chart = managed(runningNode('kwok-node-0'))
  expect(chart.on(changed(runningNode('kwok-node-0', '3'))).did('send')).toEqual([])
  const elsewhere = { ...runningNode('kwok-node-0', '3'), spec: { podCIDR: '10.0.7.0/24' } }
  expect(chart.on(changed(elsewhere)).did('send')).toMatchObject([
    { to: 'pods', event: { hostIP: '10.9.9.9', podCIDR: '10.0.7.0/24' } },
  ])
  const outside = {
    ...runningNode('kwok-node-0', '3'),
    status: { addresses: [{ type: 'ExternalIP', address: '8.8.8.8' }] },
  }
  expect(chart.on(changed(outside)).did('send')).toMatchObject([{ event: { hostIP: '8.8.8.8' } }])
})

test('when the lease is gone it is read only again', () => {
  const chart = managed().on({ type: 'fakeLease.gone' })
  expect(chart.state).toBe('waitingForLease')
  expect(chart.did('send')).toMatchObject([{ event: { type: 'fakeNode.released', node: 'kwok-node-0' } }])
})

test('what passes is tried again with back-off, anything else waits for the next change', () => {
  const beating = managed(runningNode('kwok-node-0')).after('heartbeat delay')
  for (const chart of [managed(), beating]) {
    for (const passing of [
      chart.on(refused(503, 'ServiceUnavailable')),
      chart.on(lost('refused')),
      chart.after('request timeout'),
    ]) {
      expect(passing.state).toBe('managed.backingOff')
      expect(passing.context.retries).toBe(1)
      expect(passing.after('back-off').state).toMatch(/initializing|ready/)
    }
    expect(chart.on(refused(404, 'NotFound')).state).toBe('managed.leftAlone')
    expect(chart.on(lost('reset')).state).toBe('managed.leftAlone')
  }
})

expectWhole(kwokNode)
