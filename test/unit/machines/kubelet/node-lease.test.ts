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

const failing = [
  (chart: ReturnType<typeof fresh>) => chart.on(apiFailed(500, 'InternalError')),
  (chart: ReturnType<typeof fresh>) => chart.on(lost('lease')),
  (chart: ReturnType<typeof fresh>) => chart.after('request timeout'),
]
const fiveTimes = (chart: ReturnType<typeof fresh>, fail: (typeof failing)[number]) => {
  let failed = chart
  for (let i = 1; i < 5; i++) failed = fail(failed)
  expect(failed.state).toBe('renewing')
  return fail(failed)
}
test('after five tries it is looked for anew, and after five more not before the next renewal', () => {
  for (const fail of failing) {
    const gone = fiveTimes(fresh().after('renew interval'), fail)
    expect(gone.state).toBe('ensuring.getting')
    const again = fiveTimes(gone.on(ok(LEASE)), fail)
    expect(again.state).toBe('fresh')
    expect(again.after('renew interval').state).toBe('ensuring.getting')
  }
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
