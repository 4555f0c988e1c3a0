import { expect, test } from 'vitest'
import type { Extender } from '../../../../machines/scheduler/extender.ts'
import { extenderRound } from '../../../../machines/scheduler/extender-round.ts'
import { lint } from '../../../../runtime/lint.ts'
import { born, expectWhole } from '../../../kit/chart.ts'
import { equivalent } from '../../../kit/equivalence.ts'
import { node, pod } from './cluster.ts'

const extender = (urlPrefix: string, more: object = {}) =>
  ({
    urlPrefix,
    filterVerb: 'filter',
    prioritizeVerb: 'prioritize',
    preemptVerb: '',
    weight: 1,
    httpTimeoutMs: 5_000,
    managedResources: [],
    nodeCacheCapable: true,
    ignorable: false,
    ...more,
  }) as unknown as Extender
const filtering = { phase: 'filter', nodes: [node('a'), node('b')], refused: {} }
const asking = (extenders: readonly Extender[], round: object = filtering) =>
  born(extenderRound, { pod: pod('web'), extenders, round, scheduler: 'scheduler/cp' })
const answered = (body: object) => ({ type: 'extender.answered', code: 200, body })
const lost = { type: 'call.lost', line: 'extender', reason: 'refused' }
const both = [extender('http://one/'), extender('https://two:8443/x')]

test('one after the other is asked, each about what the others left', () => {
  const first = asking(both)
  expect(first.did('call')[0]).toMatchObject({ to: 'extender/workstation/one', event: { url: 'http://one/filter' } })
  const second = first.on(answered({ NodeNames: ['b'] }))
  expect(second.did('call')[0]).toMatchObject({
    to: 'extender/workstation/two:8443/x',
    event: { body: { NodeNames: ['b'] } },
  })
  const over = second.on(answered({ NodeNames: ['b'] }))
  expect([over.done, over.did('send')[0]]).toMatchObject([
    true,
    { to: 'scheduler/cp', event: { type: 'extenders.heard', round: { nodes: [{ metadata: { name: 'b' } }] } } },
  ])
})
test('when no node is left the others are not asked', () => {
  expect(asking(both).on(answered({ NodeNames: [] })).done).toBe(true)
  const victims = { phase: 'preempt', victims: {} }
  expect(asking(both, victims).done).toBe(true)
})
test.each([
  ['answers nonsense', answered({ Error: 'out of order' }), 'out of order'],
  ['cannot be reached', lost, 'Post "http://one/filter": connection refused'],
])('who %s fails the round, unless that may be ignored', (_, event, error) => {
  const failed = asking(both).on(event)
  expect([failed.done, failed.did('send')[0]?.event]).toMatchObject([true, { error }])
  const ignored = asking([extender('http://one/', { ignorable: true }), extender('http://two/')]).on(event)
  expect(ignored.did('call')[0]?.to).toBe('extender/workstation/two')
})
test('nor who is silent', () => {
  const silent = asking(both).after('extender timeout')
  expect(silent.did('send')[0]?.event).toMatchObject({
    error: 'Post "http://one/filter": context deadline exceeded',
  })
})
test('scores are never worth a failure', () => {
  const scoring = asking(both, { phase: 'prioritize', nodes: [node('a')], scores: {} }).on(lost)
  expect(scoring.did('call')[0]?.to).toBe('extender/workstation/two:8443/x')
})
test('the chart is in order, and compiled does the same', () => {
  expect(lint(extenderRound)).toEqual([])
  const input = { pod: pod('web'), extenders: both, round: filtering, scheduler: 'scheduler/cp' }
  const events = [answered({ NodeNames: ['a'] }), answered({ Error: 'no' }), lost]
  equivalent(extenderRound, { inputs: [input], events }, { walks: 20, steps: 8 })
})

expectWhole(extenderRound)
