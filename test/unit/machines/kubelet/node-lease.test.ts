import { expect, test } from 'vitest'
import { nodeLease } from '../../../../machines/kubelet/node-lease.ts'
import { born, expectWhole } from '../../../kit/chart.ts'
import { apiFailed, lost, ok, PARTS } from './fixtures.ts'

const begin = () =>
  born(nodeLease, { apiserver: PARTS.apiserver, user: PARTS.user, node: 'node-1', uid: 'n1' }, 'node-lease/node-1')
const LEASE = { kind: 'Lease', metadata: { name: 'node-1', resourceVersion: '7' }, spec: {} }
const fresh = () => begin().on(apiFailed(404, 'NotFound')).on(ok(LEASE))

test('a lease that does not exist is made, owned by the node', () => {
  const chart = begin().on(apiFailed(404, 'NotFound'))
  expect(chart.did('call')).toMatchObject([
    {
      event: {
        verb: 'create',
        namespace: 'kube-node-lease',
        body: {
          metadata: { ownerReferences: [{ kind: 'Node', name: 'node-1', uid: 'n1' }] },
          spec: { holderIdentity: 'node-1', leaseDurationSeconds: 40 },
        },
      },
    },
  ])
  expect(chart.on(ok(LEASE)).state).toBe('fresh')
  expect(chart.on(apiFailed(404, 'NotFound')).state).toBe('ensuring.backingOff')
})

test('one that is there is taken over at once', () => {
  expect(begin().on(ok(LEASE)).did('call')).toMatchObject([{ event: { verb: 'update' } }])
})

test('it is renewed with what is known of it every 10 s', () => {
  const chart = fresh().after('renew interval')
  expect(chart.state).toBe('renewing')
  expect(chart.did('call')).toMatchObject([{ event: { verb: 'update', body: { metadata: { resourceVersion: '7' } } } }])
  expect(chart.on(ok(LEASE)).state).toBe('fresh')
})

test('when someone else wrote it, it is read again', () => {
  expect(fresh().after('renew interval').on(apiFailed(409, 'Conflict')).state).toBe('ensuring.getting')
})

test('after five tries the next renewal looks for it anew', () => {
  for (const event of [apiFailed(500, 'InternalError'), lost('lease')]) {
    let chart = fresh().after('renew interval')
    for (let i = 1; i < 5; i++) chart = chart.on(event)
    expect(chart.state).toBe('renewing')
    const gone = chart.on(event)
    expect(gone.state).toBe('fresh')
    expect(gone.after('renew interval').state).toBe('ensuring.getting')
  }
  expect(fresh().after('renew interval').after('request timeout').state).toBe('fresh')
})

test('an API server that does not answer is tried again, ever more slowly', () => {
  for (const chart of [
    begin().on(apiFailed(503, 'Unavailable')),
    begin().on(lost('lease')),
    begin().after('request timeout'),
  ]) {
    expect(chart.state).toBe('ensuring.backingOff')
    expect(chart.after('back-off').state).toBe('ensuring.getting')
  }
})

expectWhole(nodeLease)
