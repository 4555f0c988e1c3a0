import { expect, test } from 'vitest'
import type { Context as Claim } from '../../../../machines/apiserver/disruption-claim.ts'
import { invariants } from '../../../../machines/apiserver/invariants.ts'
import type { RequestContext } from '../../../../machines/apiserver/request-context.ts'
import type { Invariant } from '../../../../machines/protocol/invariants.ts'
import { call } from '../../../../runtime/contract.ts'

const brokenBy = <C>(machine: string, after: object, event: object): readonly string[] =>
  (invariants as unknown as readonly Invariant<C>[])
    .filter((each) => each.machine === machine)
    .flatMap(({ broken }) => {
      const told = { self: 'x/cp-1', at: 0, from: '', event: { type: 'api.answered' }, before: undefined }
      const effects = [call('kube-apiserver/cp-1', event as { type: string })]
      return broken({ ...told, after: after as C, was: 'idle', state: 'writing', effects }) ?? []
    })

test('a budget is taken from one by one, and only what it has', () => {
  const taking = (had: number, left: number, verb = 'update') =>
    brokenBy<Claim>(
      'disruption-claim',
      { budgets: [{ metadata: { name: 'b' }, status: { disruptionsAllowed: had } }] },
      { type: 'api.request', verb, body: { status: { disruptionsAllowed: left } } },
    )
  expect([taking(2, 1), taking(1, 0), taking(0, -1, 'get')]).toEqual([[], [], []])
  expect(taking(0, -1)).toEqual(['of 0 that may go it leaves -1 in b'])
  expect(taking(2, 2)).toEqual(['of 2 that may go it leaves 2 in b'])
})
test('a pod is written to when its eviction was granted, or needs no grant', () => {
  const writing = (granted: object | undefined, phase = 'Running', subresource = 'eviction', type = 'etcd.Txn') =>
    brokenBy<RequestContext>(
      'api-request',
      { request: { subresource, name: 'p' }, current: { metadata: { name: 'p' }, status: { phase } }, granted },
      { type },
    )
  const judged = { type: 'disruption.judged' }
  expect([writing(judged), writing(undefined, 'Pending')]).toEqual([[], []])
  expect([writing(undefined, 'Running', 'status'), writing(undefined, 'Running', 'eviction', 'etcd.Range')]).toEqual([
    [],
    [],
  ])
  expect(writing(undefined)).toEqual(['p is written to, and nobody granted it'])
  expect(writing({ ...judged, refusal: { code: 429 } })).toHaveLength(1)
})
