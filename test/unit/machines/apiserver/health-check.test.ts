import { expect, test } from 'vitest'
import { apiHealthCheck } from '../../../../machines/apiserver/health-check.ts'
import { born, expectWhole } from '../../../kit/chart.ts'

const asking = () =>
  born(apiHealthCheck, { client: 'load-balancer/lb', call: 7, member: 'etcd/cp-1' }, 'health-check/cp-1/7')
const said = (chart: ReturnType<typeof asking>): unknown => chart.did('answer')[0]

test('a server is well when a quorum of etcd has confirmed a read', () => {
  expect(asking().did('call')).toMatchObject([{ to: 'etcd/cp-1', event: { type: 'etcd.Range' } }])
  const well = asking().on({ type: 'etcd.answered', revision: 1, reply: { kvs: [], count: 0, more: false } })
  expect(said(well)).toMatchObject({ to: 'load-balancer/lb', call: 7, event: { ok: true } })
})

test('it is not when etcd says no, is gone, or says nothing for two seconds', () => {
  const failed = { type: 'etcd.failed', code: 14, error: 'etcdserver: no leader' }
  const lost = { type: 'call.lost', line: 'etcd', reason: 'refused' }
  for (const chart of [asking().on(failed), asking().on(lost), asking().after('health check timeout')])
    expect(said(chart)).toMatchObject({ event: { ok: false } })
})

expectWhole(apiHealthCheck)
