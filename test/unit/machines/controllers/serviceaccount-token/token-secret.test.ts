import { expect, test } from 'vitest'
import { filledIn } from '../../../../../machines/controllers/serviceaccount-token/token.ts'
import { tokenSecret } from '../../../../../machines/controllers/serviceaccount-token/token-secret.ts'
import type { ApiObject, Secret, ServiceAccount } from '../../../../../machines/protocol/objects.ts'
import { born, expectWhole } from '../../../../kit/chart.ts'
import { lost, ok, refused } from '../kit/replies.ts'
import { object, objectInput, sync, viewOf } from '../objects.ts'

const account = object('v1', 'ServiceAccount', 'bot', { metadata: { namespace: 'default' } })
const secret = object('v1', 'Secret', 'bot-token', {
  metadata: { namespace: 'default', annotations: { 'kubernetes.io/service-account.name': 'bot' } },
  type: 'kubernetes.io/service-account-token',
} as never)
const started = (secrets: readonly ApiObject[], serviceaccounts: readonly ApiObject[] = [account]) =>
  born(tokenSecret, objectInput('default/bot-token')).on(sync(viewOf({ secrets, serviceaccounts })))
const reading = () => started([secret])
const filling = () => reading().on(ok(secret))
const looking = () => started([secret], [])
const deleting = () => looking().on(refused(404, 'NotFound'))
type Begun = ReturnType<typeof started>
const outcomeOf = (chart: Begun) => chart.did('send').map((sent) => (sent.event as { outcome?: string }).outcome)
const askedOf = (chart: Begun) => chart.did('call')[0]?.event

test('a Secret is read once more, then filled in', () => {
  expect(askedOf(reading())).toMatchObject({ verb: 'get', resource: 'secrets', name: 'bot-token' })
  expect(askedOf(filling())).toMatchObject({ verb: 'update', body: { data: { namespace: 'ZGVmYXVsdA==' } } })
  const done = filling().on(ok())
  expect([done.state, outcomeOf(done), done.context.secret]).toEqual(['idle', ['done'], undefined])
})
test('one that changed meanwhile is looked at again', () => {
  expect(outcomeOf(reading().on(ok({ ...secret, metadata: { ...secret.metadata, resourceVersion: '7' } })))).toEqual([
    'failed',
  ])
  expect(outcomeOf(filling().on(refused(409, 'Conflict')))).toEqual(['done'])
  expect(outcomeOf(filling().on(refused(500, 'InternalError')))).toEqual(['failed'])
})
test('an account that is too new for the cache is asked for', () => {
  expect(askedOf(looking())).toMatchObject({ verb: 'get', resource: 'serviceaccounts', name: 'bot' })
  expect(looking().on(ok(account)).state).toBe('working.reading')
  expect(outcomeOf(looking().on(refused(500, 'InternalError')))).toEqual(['failed'])
})
test('without an account it is deleted, itself and no other of that name', () => {
  expect(askedOf(deleting())).toMatchObject({ verb: 'delete', options: { preconditions: { uid: 'uid-bot-token' } } })
  expect(outcomeOf(deleting().on(ok()))).toEqual(['done'])
  expect(outcomeOf(deleting().on(refused(404, 'NotFound')))).toEqual(['done'])
  expect(outcomeOf(deleting().on(refused(500, 'InternalError')))).toEqual(['failed'])
  const { uid: _, ...nameless } = secret.metadata
  expect(askedOf(started([{ ...secret, metadata: nameless }], []).on(refused(404, 'NotFound')))).toMatchObject({
    options: {},
  })
})
test('nothing is done with what is right, what is no token, and what is gone', () => {
  const right = filledIn(secret as Secret, account as ServiceAccount) as Secret
  expect(outcomeOf(started([right]))).toEqual(['done'])
  expect(outcomeOf(started([{ ...secret, type: 'Opaque' } as ApiObject]))).toEqual(['done'])
  const gone = started([])
  expect([gone.done, outcomeOf(gone)]).toEqual([true, ['gone']])
})
test('whatever is not answered is tried again', () => {
  expect(outcomeOf(reading().on(lost()))).toEqual(['failed'])
  for (const waiting of [reading, filling, looking, deleting])
    expect(outcomeOf(waiting().after('request timeout'))).toEqual(['failed'])
})

expectWhole(tokenSecret)
