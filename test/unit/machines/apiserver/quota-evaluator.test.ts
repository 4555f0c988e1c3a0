import { describe, expect, test } from 'vitest'
import { quotaEvaluator } from '../../../../machines/apiserver/quota-evaluator.ts'
import { born, expectWhole } from '../../../kit/chart.ts'
import { event, listed, lost, ok, refused } from '../controllers/kit/replies.ts'
import { cacheWith, object } from './attempts.ts'

const hard = { pods: '2' }
const quota = (used: string, resourceVersion = '2') =>
  object('ResourceQuota', { spec: { hard }, status: { hard, used: { pods: used } } }, { name: 'q', resourceVersion })
const claimed = event({
  type: 'quota.claimed',
  resource: 'pods',
  object: object('Pod', { spec: { containers: [] } }),
  was: undefined,
  dryRun: false,
})
const cache = (used: string) =>
  event({ type: 'cache.reached', cache: cacheWith({ 'resourcequotas/default/q': quota(used) }) })
const asked = (call: number) => ({ from: `request/cp-1/${call}`, call })
const idle = () => born(quotaEvaluator, { server: 'kube-apiserver/cp-1', namespace: 'default' })
const judging = () => idle().on(claimed, asked(1))
const writing = () => judging().on(cache('0'))
type Begun = ReturnType<typeof idle>
const verdictsOf = (chart: Begun) =>
  chart.did('answer').map(({ call, event: told }) => [call, (told as { refusal?: { code: number } }).refusal?.code])
const conflict = refused(409, 'Conflict')
/** Written in vain until the retries are used up. */
const inVain = () => {
  let chart = writing()
  for (let i = 0; i < 3; i++) chart = chart.on(conflict).on(listed([quota('0', `${i + 3}`)], '9'))
  return chart
}

describe('a claim', () => {
  test('is written into the quota before it is granted', () => {
    const chart = writing()
    expect(chart.did('call')[0]?.event).toMatchObject({
      verb: 'update',
      subresource: 'status',
      user: { name: 'system:apiserver' },
      body: { status: { used: { pods: '1' } } },
    })
    const done = chart.on(ok(quota('1', '5')))
    expect([done.state, verdictsOf(done)]).toEqual(['idle', [[1, undefined]]])
  })
  test('that exceeds it is refused, and nothing is written', () => {
    const chart = judging().on(cache('2'))
    expect([verdictsOf(chart), chart.did('call')]).toEqual([[[1, 403]], []])
  })
  test('is judged by what was written last, not by an older cache', () => {
    const next = writing()
      .on(ok(quota('2', '5')))
      .on(claimed, asked(2))
      .on(cache('0'))
    expect(verdictsOf(next)).toEqual([[2, 403]])
  })
  test('that comes meanwhile waits for its turn, with all others', () => {
    const chart = writing().on(claimed, asked(2)).on(claimed, asked(3))
    const again = chart.on(ok(quota('1', '5')))
    expect([again.state, again.context.claims.length]).toEqual(['judging', 2])
    expect(verdictsOf(again.on(cache('0')).on(ok(quota('2', '6'))))).toEqual([
      [2, undefined],
      [3, 403],
    ])
  })
})

describe('somebody else who wrote first', () => {
  test('has it read and judged again', () => {
    const reading = writing().on(conflict)
    expect(reading.did('call')[0]?.event).toMatchObject({
      verb: 'list',
      resource: 'resourcequotas',
      namespace: 'default',
    })
    expect(verdictsOf(reading.on(listed([quota('2', '7')], '9')))).toEqual([[1, 403]])
    expect(verdictsOf(reading.on(listed([quota('1', '7')], '9')).on(ok(quota('2', '8'))))).toEqual([[1, undefined]])
  })
  test('four times running fails the claim', () => {
    expect(verdictsOf(inVain().on(conflict))).toEqual([[1, 409]])
    expect(verdictsOf(inVain().on(lost()))).toEqual([[1, 504]])
  })
})

describe('a server that does not answer itself', () => {
  test('fails the claim', () => {
    expect(verdictsOf(judging().on(lost()))).toEqual([[1, 504]])
    expect(verdictsOf(judging().after('request timeout'))).toEqual([[1, 504]])
    const reading = () => writing().after('request timeout')
    expect(reading().state).toBe('readingAgain')
    expect(verdictsOf(reading().on(lost()))).toEqual([[1, 504]])
    expect(verdictsOf(reading().after('request timeout'))).toEqual([[1, 504]])
    expect(verdictsOf(reading().on(refused(500, 'InternalError')))).toEqual([[1, 500]])
  })
})

expectWhole(quotaEvaluator)
