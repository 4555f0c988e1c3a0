import { describe, expect, test } from 'vitest'
import { kubectlDrain } from '../../../../machines/kubectl/drain.ts'
import { born, expectWhole } from '../../../kit/chart.ts'
import { finished, input, listed, lost, ok, refused, request } from './words.ts'

const pod = (name: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', uid: `u-${name}`, ...more },
  spec: { containers: [] },
})
const ofDaemonSet = {
  ownerReferences: [{ controller: true, kind: 'DaemonSet', name: 'agent', uid: 'x', apiVersion: 'apps/v1' }],
}
const mirror = { annotations: { 'kubernetes.io/config.mirror': 'x' } }
const drained = () =>
  born(
    kubectlDrain,
    input({ command: 'drain', node: 'node-1', timeoutMs: 60_000, gracePeriodSeconds: 3 }),
    'kubectl/workstation/1',
  )

describe('kubectl drain', () => {
  test('cordons, evicts all but daemons and mirrors, and waits until they are gone', () => {
    const cordoning = drained()
    expect(request(cordoning.asked)).toMatchObject({ resource: 'nodes', body: { spec: { unschedulable: true } } })
    const listing = cordoning.on(ok({}))
    expect(request(listing.asked)?.options).toEqual({ fieldSelector: 'spec.nodeName=node-1' })
    const evicting = listing.on(listed(pod('a'), pod('agent', ofDaemonSet), pod('static', mirror)))
    expect(request(evicting.asked)).toMatchObject({
      subresource: 'eviction',
      name: 'a',
      body: { kind: 'Eviction', deleteOptions: { gracePeriodSeconds: 3 } },
    })
    const looking = evicting.on(ok({}, 201))
    expect(looking.state).toBe('draining.looking')
    const pausing = looking.on(listed(pod('a'), pod('agent', ofDaemonSet)))
    expect(pausing.state).toBe('draining.pausing')
    const done = pausing.after('poll interval').on(listed(pod('a', { uid: 'another' })))
    expect(finished(done.asked)).toEqual({
      code: 0,
      lines: ['node/node-1 cordoned', 'evicting pod default/a', 'pod/a evicted', 'node/node-1 drained'],
    })
  })

  test('asks again after five seconds while a budget forbids it, the others meanwhile', () => {
    const others = drained()
      .on(ok({}))
      .on(listed(pod('a'), pod('b')))
      .on(refused(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget."))
    expect(request(others.asked)?.name).toBe('b')
    const held = others.on(refused(404, 'NotFound', 'gone'))
    expect([held.state, held.did('wake')[0]?.afterMs]).toEqual(['draining.heldUp', 5_000])
    const again = held.after('time until the next', { at: 86_405_000 })
    expect(request(again.asked)?.name).toBe('a')
    expect(again.context.lines.slice(1)).toEqual([
      'evicting pod default/a',
      `error when evicting pods/"a" -n "default" (will retry after 5s): Cannot evict pod as it would violate the pod's disruption budget.`,
      'evicting pod default/b',
      'evicting pod default/a',
    ])
  })

  test('asks again without a word when the server says when, ten times', () => {
    const busy = {
      ...refused(429, 'TooManyRequests', 'Cannot evict pod'),
      status: { message: 'Cannot evict pod', details: { retryAfterSeconds: 10 } },
    }
    let chart = drained()
      .on(ok({}))
      .on(listed(pod('a')))
    for (let i = 1; i <= 10; i++) {
      chart = chart.on(busy)
      expect(chart.did('wake')[0]?.afterMs).toBe(10_000)
      chart = chart.after('time until the next', { at: 86_400_000 + i * 10_000 })
    }
    expect(chart.context.lines.slice(1)).toEqual(['evicting pod default/a'])
    expect(chart.on(busy).context.lines.at(-1)).toMatch(/will retry after 5s/)
  })

  test('fails when something is refused or the server is away', () => {
    const evicting = drained()
      .on(ok({}))
      .on(listed(pod('a')))
    for (const chart of [drained(), drained().on(ok({})), evicting]) {
      expect(finished(chart.on(refused(403, 'Forbidden', 'no')).asked)?.code).toBe(1)
      expect(finished(chart.after('request timeout').asked)?.code).toBe(1)
    }
    expect(finished(evicting.on(lost).asked)?.code).toBe(1)
    expect(finished(evicting.after('patience').asked)?.lines.at(-1)).toBe(
      'error: unable to drain node "node-1": global timeout reached',
    )
  })

  test('is patient with a server that is slow while pods end', () => {
    const looking = drained()
      .on(ok({}))
      .on(listed(pod('a')))
      .on(ok({}, 201))
    expect(looking.after('request timeout').state).toBe('draining.pausing')
    expect(looking.on(refused(500, '', 'x')).state).toBe('draining.pausing')
  })
})

expectWhole(kubectlDrain)
