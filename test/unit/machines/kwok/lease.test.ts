import { expect, test } from 'vitest'
import { kwokLease } from '../../../../machines/kwok/lease.ts'
import { rfc3339Micro } from '../../../../machines/lib/time.ts'
import { Tree } from '../../../../runtime/tree.ts'
import { born, expectWhole } from '../../../kit/chart.ts'
import { CLIENT, lost, ok, refused } from './fixtures.ts'

const AT = 86_400_000
const lease = (holderIdentity: string, renewedAt: number, rest: object = {}) => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name: 'kwok-node-0', namespace: 'kube-node-lease', resourceVersion: '7' },
  spec: { holderIdentity, leaseDurationSeconds: 40, renewTime: rfc3339Micro(renewedAt), ...rest },
})
const told = (...leases: ReturnType<typeof lease>[]) => ({
  type: 'cache.told',
  resource: 'leases.coordination.k8s.io',
  cache: {
    view: 'leases@1',
    resourceVersion: '1',
    objects: Tree.of(leases.map((each) => [`kube-node-lease/${each.metadata.name}`, each])),
    by: {},
  },
})
const start = () =>
  born(
    kwokLease,
    { ...CLIENT, leases: 'reflector', identity: 'kwok_1', node: 'kwok-node-0', uid: 'u', tell: 'node' },
    'kwok-lease/kwok/kwok-node-0',
  )
const ours = () =>
  start()
    .on(told())
    .on(ok(lease('kwok_1', AT)))

test('a lease that is not known is created, owned by the node, and the node is taken', () => {
  const chart = start().on(told())
  expect(chart.state).toBe('creating')
  expect(chart.did('call')).toMatchObject([
    {
      event: {
        verb: 'create',
        namespace: 'kube-node-lease',
        body: {
          metadata: { ownerReferences: [{ kind: 'Node', uid: 'u' }] },
          spec: { holderIdentity: 'kwok_1', leaseDurationSeconds: 40 },
        },
      },
    },
  ])
  const held = chart.on(ok(lease('kwok_1', AT)))
  expect(held.state).toBe('ours')
  expect(held.did('send')).toMatchObject([{ to: 'node', event: { type: 'fakeLease.taken' } }])
})

test('it is renewed every ten seconds, up to 4 % later, and said once', () => {
  const renewing = ours().after('renew interval')
  expect(renewing.state).toBe('renewing')
  expect(renewing.did('call')).toMatchObject([
    { event: { verb: 'update', body: { metadata: { resourceVersion: '7' } } } },
  ])
  expect(renewing.on(ok(lease('kwok_1', AT))).did('send')).toEqual([])
})

test('what another kwok holds is looked at again, and taken when it has run out', () => {
  const foreign = start().on(told(lease('kwok_2', AT - 39_000)))
  expect(foreign.state).toBe('foreign')
  expect(foreign.did('send')).toEqual([])
  const expired = foreign.after('renew interval').on(told(lease('kwok_2', AT - 41_000, { leaseTransitions: 2 })))
  expect(expired.did('call')).toMatchObject([
    { event: { verb: 'update', body: { spec: { holderIdentity: 'kwok_1', leaseTransitions: 3 } } } },
  ])
})

test('a lease without a holder or without a term is nobody’s', () => {
  for (const spec of [{ holderIdentity: '' }, { renewTime: undefined }, { leaseDurationSeconds: undefined }])
    expect(start().on(told(lease('kwok_2', AT, spec))).state).toBe('renewing')
})

test('when somebody else took it the node is told', () => {
  const failed = ours().after('renew interval').on(refused(409, 'Conflict'))
  expect(failed.state).toBe('failed')
  const gone = failed.after('renew interval').on(told(lease('kwok_2', AT)))
  expect(gone.did('send')).toMatchObject([{ to: 'node', event: { type: 'fakeLease.gone' } }])
})

test('before there is a namespace for it, it is created anew each second', () => {
  const missing = start().on(told()).on(refused(404, 'NotFound'))
  expect(missing.state).toBe('waitingForNamespace')
  expect(missing.after('until there may be a namespace').state).toBe('creating')
})

test('nothing that fails is repeated before the next renewal', () => {
  const [creating, renewing] = [start().on(told()), ours().after('renew interval')]
  for (const chart of [creating, renewing])
    for (const failed of [
      chart.on(refused(500, 'InternalError')),
      chart.on(lost('reset', 'lease')),
      chart.after('request timeout'),
    ])
      expect(failed.state).toBe('failed')
  expect(start().on(lost('reset', 'cache')).state).toBe('failed')
})

expectWhole(kwokLease)
