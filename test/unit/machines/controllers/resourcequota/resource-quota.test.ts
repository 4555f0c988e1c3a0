import { expect, test } from 'vitest'
import { resourceQuota } from '../../../../../machines/controllers/resourcequota/resource-quota.ts'
import { born, expectWhole } from '../../../../kit/chart.ts'
import { event, lost, ok, refused } from '../kit/replies.ts'
import { object, objectInput, pod, sync, viewOf } from '../objects.ts'

const hard = { pods: '2' }
const quota = (status: Record<string, unknown>) =>
  object('v1', 'ResourceQuota', 'q', { metadata: { namespace: 'default' }, spec: { hard }, status })
const looking = (status: Record<string, unknown> = {}) =>
  born(resourceQuota, objectInput('default/q')).on(sync(viewOf({ resourcequotas: [quota(status)] })))
const pods = () => event({ type: 'cache.told', resource: 'pods', cache: viewOf({ pods: [pod('a')] }).pods })
const writing = () => looking().on(pods())
const outcomeOf = (chart: ReturnType<typeof looking>) =>
  chart.did('send').map((sent) => (sent.event as { outcome?: string }).outcome)

test('it asks for the newest cache of what it limits, counts, and writes', () => {
  const asking = looking()
  expect(asking.did('call')).toMatchObject([
    { to: 'reflector/cp-1/kube-controller-manager/pods', event: { type: 'cache.wanted' } },
  ])
  const written = asking.on(pods())
  expect(written.did('call')[0]?.event).toMatchObject({
    verb: 'update',
    subresource: 'status',
    name: 'q',
    body: { status: { hard, used: { pods: '1' } } },
  })
  const done = written.on(ok())
  expect(done.did('send')).toMatchObject([{ event: { outcome: 'done', againAfterMs: 300_000 } }])
  expect([done.state, done.context.read]).toEqual(['idle', {}])
})
test('what is right is not written', () => {
  const chart = looking({ hard, used: { pods: '1' } }).on(pods())
  expect([chart.state, outcomeOf(chart), chart.did('call')]).toEqual(['idle', ['done'], []])
})
test('a quota that is gone ends its actor', () => {
  const chart = born(resourceQuota, objectInput('default/q')).on(sync(viewOf({ resourcequotas: [] })))
  expect([chart.done, outcomeOf(chart)]).toEqual([true, ['gone']])
})
test('whatever fails is tried again', () => {
  expect(outcomeOf(looking().on(lost()))).toEqual(['failed'])
  expect(outcomeOf(looking().after('request timeout'))).toEqual(['failed'])
  expect(outcomeOf(writing().on(refused(409, 'Conflict')))).toEqual(['failed'])
  expect(outcomeOf(writing().on(lost()))).toEqual(['failed'])
  const late = writing().after('request timeout')
  expect([outcomeOf(late), late.did('hangUp').length]).toEqual([['failed'], 1])
})

expectWhole(resourceQuota)
