import { expect, test } from 'vitest'
import { checkEvent, checkLease, checkStrictEvent } from '../../../../../machines/lib/validation/records.ts'
import { told } from './told.ts'

test('a Lease lasts', () => {
  expect(told((found) => checkLease(found, { spec: { leaseDurationSeconds: 15 } } as never))).toEqual([])
  const spec = { leaseDurationSeconds: 0, leaseTransitions: -1, preferredHolder: 'x' }
  expect(told((found) => checkLease(found, { spec } as never))).toHaveLength(3)
})
const event = (rest: object) =>
  ({ metadata: { name: 'e', namespace: 'default' }, involvedObject: { namespace: 'default' }, ...rest }) as never
const full = {
  eventTime: '2026-01-01T00:00:00.000000Z',
  reportingComponent: 'a.b/c',
  reportingInstance: 'i',
  action: 'a',
  reason: 'r',
}
test('an Event stands where its object is', () => {
  expect(told((found) => checkEvent(found, event({})))).toEqual([])
  expect(told((found) => checkEvent(found, event({ involvedObject: { namespace: 'elsewhere' } })))).toEqual([
    'involvedObject.namespace: Invalid value: "elsewhere": does not match event.namespace',
  ])
  expect(told((found) => checkEvent(found, event({ involvedObject: {} })))).toEqual([])
  expect(told((found) => checkEvent(found, event({ metadata: { namespace: 'x' }, involvedObject: {} })))).toHaveLength(
    1,
  )
})
test('one of the newer form is complete', () => {
  expect(told((found) => checkEvent(found, event(full)))).toEqual([])
  expect(
    told((found) => checkEvent(found, event({ eventTime: full.eventTime, message: 'x'.repeat(1_025) }))),
  ).toHaveLength(7)
})
test('the newer group is strict', () => {
  expect(told((found) => checkStrictEvent(found, event({ type: 'Weird', regarding: {}, deprecatedCount: 1 })))).toEqual(
    [
      'eventTime: Required value',
      'type: Invalid value: "": has invalid value: Weird',
      'count: Invalid value: "": needs to be unset',
    ],
  )
})
