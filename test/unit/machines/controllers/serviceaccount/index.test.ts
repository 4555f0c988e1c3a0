import { expect, test } from 'vitest'
import {
  defaultServiceAccount,
  serviceAccountController,
} from '../../../../../machines/controllers/serviceaccount/index.ts'
import type { ApiObject } from '../../../../../machines/protocol/objects.ts'
import { born } from '../../../../kit/chart.ts'
import { refused } from '../kit/replies.ts'
import { object, objectInput, sync, viewOf } from '../objects.ts'

const namespace = (phase: string) => object('v1', 'Namespace', 'team', { status: { phase } })
const account = object('v1', 'ServiceAccount', 'default', { metadata: { namespace: 'team' } })
const view = (namespaces: readonly ApiObject[], serviceaccounts: readonly ApiObject[] = []) =>
  viewOf({ namespaces, serviceaccounts })
const start = () => born(defaultServiceAccount, objectInput('team'))

test('a namespace gets its account once, if it is active', () => {
  const writing = start().on(sync(view([namespace('Active')])))
  expect(writing.did('call')[0]?.event).toMatchObject({ verb: 'create', namespace: 'team', name: 'default' })
  expect(writing.on(refused(409, 'AlreadyExists')).did('send')).toMatchObject([{ event: { outcome: 'done' } }])
  expect(
    start()
      .on(sync(view([namespace('Active')], [account])))
      .did('call'),
  ).toEqual([])
  expect(
    start()
      .on(sync(view([namespace('Terminating')])))
      .did('call'),
  ).toEqual([])
  expect(start().on(sync(view([]))).done).toBe(true)
})

test('a namespace without it and the loss of it concern the namespace', () => {
  const { concerns } = serviceAccountController
  const [without, having] = [view([namespace('Active')]), view([namespace('Active')], [account])]
  const delta = { key: 'team', was: undefined, now: namespace('Active') }
  expect(concerns('namespaces', delta, without)).toEqual(['team'])
  expect(concerns('namespaces', delta, having)).toEqual([])
  expect(concerns('namespaces', { key: 'team', was: namespace('Active'), now: undefined }, having)).toEqual(['team'])
  expect(concerns('serviceaccounts', { key: 'team/default', was: account, now: undefined }, without)).toEqual(['team'])
  expect(concerns('serviceaccounts', { key: 'team/default', was: undefined, now: account }, without)).toEqual([])
})
