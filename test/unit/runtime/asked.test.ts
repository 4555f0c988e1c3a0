import { expect, test } from 'vitest'
import { checkEvent, listed } from '../../../runtime/asked.ts'
import { busy, sync } from '../../../runtime/contract.ts'

test('one effect is a list of one, a list is that list', () => {
  const several = [busy(1), sync()]
  expect(listed(busy(1))).toEqual([busy(1)])
  expect(listed(several)).toBe(several)
})

test('an action runs on the event that it names, or on any when it names none', () => {
  expect(() => checkEvent('go', { type: 'go' })).not.toThrow()
  expect(() => checkEvent(undefined, { type: 'stop' })).not.toThrow()
  expect(() => checkEvent('go', { type: 'stop' })).toThrow('an action for "go" was run on "stop"')
})
