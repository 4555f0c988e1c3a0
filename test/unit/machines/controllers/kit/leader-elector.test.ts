import { describe, expect, test } from 'vitest'
import { claimedBy, nothingObserved, written } from '../../../../../machines/controllers/kit/election-record.ts'
import { leaderElector } from '../../../../../machines/controllers/kit/leader-elector.ts'
import type { LeaderElectorInput } from '../../../../../machines/protocol/cache.ts'
import { born, expectWhole } from '../../../../kit/chart.ts'
import { lost, ok, refused } from './replies.ts'

const T0 = 86_400_000
const input: LeaderElectorInput = {
  apiserver: 'kube-apiserver/cp-1',
  user: { name: 'system:kube-controller-manager', groups: [] },
  lease: 'kube-controller-manager',
  identity: 'cp-1_a',
  tell: 'kube-controller-manager/cp-1',
  recorder: 'event-recorder/cp-1/kube-controller-manager',
}
const leaseOf = (holder: string, at = T0) => claimedBy(nothingObserved, holder, input.lease, at)
const candidate = () => born(leaderElector, input)
const leader = () =>
  candidate()
    .on(refused(404, 'NotFound'))
    .on(ok(leaseOf('cp-1_a')))
const holding = () => leader().on(ok(leaseOf('cp-1_a', T0 + 10)))
const renewing = () => holding().after('retry period', { at: T0 + 2_000 })

describe('a candidate', () => {
  test('creates the lease when there is none, and leads', () => {
    const creating = candidate().on(refused(404, 'NotFound'))
    expect(creating.did('call')[0]?.event).toMatchObject({
      verb: 'create',
      namespace: 'kube-system',
      body: { spec: { holderIdentity: 'cp-1_a', leaseDurationSeconds: 15, leaseTransitions: 0 } },
    })
    const leads = creating.on(ok(leaseOf('cp-1_a')))
    expect(leads.state).toBe('leading.renewing.renewingAtOnce')
    expect(leads.did('send').map(({ to, event }) => [to, event.type])).toEqual([
      ['kube-controller-manager/cp-1', 'leadership.gained'],
      ['event-recorder/cp-1/kube-controller-manager', 'event.happened'],
    ])
    expect(leads.did('send')[1]?.event).toMatchObject({
      reason: 'LeaderElection',
      message: 'cp-1_a became leader',
      about: { kind: 'Lease', name: 'kube-controller-manager' },
    })
  })

  test('waits 2 to 4.4 s while another one holds it', () => {
    const waits = candidate().on(ok(leaseOf('cp-2_b')))
    expect(waits.state).toBe('acquiring.waiting')
    expect(waits.did('wake')[0]?.afterMs).toBeGreaterThanOrEqual(2_000)
    expect(waits.did('wake')[0]?.afterMs).toBeLessThan(4_400)
    expect(waits.after('jittered retry period').state).toBe('acquiring.looking')
  })

  test('takes a lease that has not changed before its own eyes for 15 s, whatever time the record bears', () => {
    const ancient = leaseOf('cp-2_b', 0)
    let chart = candidate().on(ok(ancient))
    for (let s = 3; s < 15; s += 3) {
      chart = chart.after('jittered retry period', { at: T0 + s * 1_000 }).on(ok(ancient))
      expect(chart.state).toBe('acquiring.waiting')
    }
    chart = chart.after('jittered retry period', { at: T0 + 15_000 }).on(ok(ancient))
    expect(chart.state).toBe('acquiring.taking')
    expect(chart.did('call')[0]?.event).toMatchObject({
      verb: 'update',
      body: { spec: { holderIdentity: 'cp-1_a', leaseTransitions: 1 } },
    })
    expect(chart.on(refused(409, 'Conflict')).state).toBe('acquiring.waiting')
    expect(chart.on(lost()).state).toBe('acquiring.waiting')
    expect(chart.after('request timeout').state).toBe('acquiring.waiting')
    expect(chart.on(ok(claimedBy(written(ancient, 0), 'cp-1_a', '', T0))).state).toBe('leading.renewing.renewingAtOnce')
  })

  test('tries again when it gets no good answer', () => {
    for (const chart of [candidate(), candidate().on(refused(404, 'NotFound'))]) {
      expect(chart.on(refused(403, 'Forbidden')).state).toBe('acquiring.waiting')
      expect(chart.on(lost()).state).toBe('acquiring.waiting')
      expect(chart.after('request timeout').state).toBe('acquiring.waiting')
    }
  })
})

describe('a leader', () => {
  test('renews every 2 s with one write', () => {
    expect(holding().state).toBe('leading.holding')
    expect(holding().did('wake')[0]?.afterMs).toBe(2_000)
    const write = renewing()
    expect(write.did('call').map(({ event }) => (event as unknown as { verb: string }).verb)).toEqual(['update'])
    expect(write.on(ok(leaseOf('cp-1_a', T0 + 2_000))).state).toBe('leading.holding')
  })

  test('looks when the write fails, and takes the lease again while nobody else holds it', () => {
    for (const chart of [
      renewing().on(refused(409, 'Conflict')),
      renewing().on(lost()),
      renewing().after('request timeout'),
    ]) {
      expect(chart.state).toBe('leading.renewing.looking')
      expect(chart.on(refused(500, 'InternalError')).state).toBe('leading.renewing.waiting')
      expect(chart.on(lost()).state).toBe('leading.renewing.waiting')
      expect(chart.after('request timeout').state).toBe('leading.renewing.waiting')
    }
    const taking = renewing()
      .on(refused(409, 'Conflict'))
      .on(ok(leaseOf('cp-1_a')))
    expect(taking.state).toBe('leading.renewing.taking')
    expect(taking.on(ok(leaseOf('cp-1_a'))).state).toBe('leading.holding')
    expect(taking.on(refused(409, 'Conflict')).state).toBe('leading.renewing.waiting')
    expect(taking.on(lost()).state).toBe('leading.renewing.waiting')
    expect(taking.after('request timeout').state).toBe('leading.renewing.waiting')
  })

  test('makes the lease again when somebody deleted it', () => {
    const creating = renewing().on(refused(404, 'NotFound')).on(refused(404, 'NotFound'))
    expect(creating.state).toBe('leading.renewing.creating')
    expect(creating.on(ok(leaseOf('cp-1_a'))).state).toBe('leading.holding')
    expect(creating.on(refused(409, 'AlreadyExists')).state).toBe('leading.renewing.waiting')
    expect(creating.on(lost()).state).toBe('leading.renewing.waiting')
    expect(creating.after('request timeout').state).toBe('leading.renewing.waiting')
  })

  test('that was frozen while another one took over tries for 10 s and then gives up', () => {
    const thawed = holding().after('retry period', { at: T0 + 30_000 })
    expect(thawed.state).toBe('leading.renewing.looking')
    const beaten = thawed.on(ok(leaseOf('cp-2_b', T0 + 20_000)))
    expect(beaten.state).toBe('leading.renewing.waiting')
    const again = beaten.after('retry period', { at: T0 + 32_000 })
    expect(again.state).toBe('leading.renewing.looking')
    const lostIt = again.after('renew deadline', { at: T0 + 40_000 })
    expect(lostIt.state).toBe('lost')
    expect(lostIt.done).toBe(true)
    expect(lostIt.did('send')).toMatchObject([
      { to: 'kube-controller-manager/cp-1', event: { type: 'leadership.lost' } },
    ])
  })

  test('that was frozen for 8 s goes on as if nothing had been', () => {
    expect(holding().after('retry period', { at: T0 + 8_000 }).state).toBe('leading.renewing.renewingAtOnce')
  })
})

expectWhole(leaderElector)
