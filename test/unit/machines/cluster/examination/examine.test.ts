import { describe, expect, test } from 'vitest'
import { chosen, examine } from '../../../../../machines/cluster/examination/examine.ts'
import { BadExam } from '../../../../../machines/cluster/examination/sitting.ts'
import { makes, object } from '../../../../examination/objects.ts'
import { counting, examOf, forgetful, good, halfDone, restless } from './toys.ts'

const once = { acts: [makes('namespaces', object('v1', 'Namespace', 'shop'))] }
const failing = (exam: Parameters<typeof examine>[0]) => examine(exam, { moments: 4 }).failures

describe('the examination', () => {
  test('is passed by a controller that looks at what is there', () => {
    const told: string[] = []
    const { runs, steps, failures } = examine(examOf(good), { moments: 2, progress: (words) => told.push(words) })
    expect(failures).toEqual([])
    expect([runs, told[0]]).toEqual([told.length, 'undisturbed'])
    expect(steps).toBeGreaterThan(10)
  })
  test('finds who asks for something when nothing is to do', () => {
    const [first] = failing(examOf(restless))
    expect(first?.words).toBe('nothing is to do, and it begins anew')
    expect(first?.how[0]).toBe('restless-controller/manager/shop asks to patch configmaps shop/kept')
  })
  test('finds who relies on a cache that is old', () => {
    const failures = failing({ ...examOf(forgetful), ...once })
    expect(failures.map(({ words }) => words.replace(/ \(.*/, ''))).toContain(
      'it crashes, and lists from a server that lags',
    )
  })
  test('finds who counts what he is told', () => {
    const words = failing({ ...examOf(counting), ...once }).map(({ words }) => words)
    expect(words).toContain('everything is told twice')
  })
  test('finds who crashes between two writes', () => {
    const words = failing({ ...examOf(halfDone), ...once }).map(({ words }) => words)
    expect(words.some((each) => each.startsWith('it crashes (at '))).toBe(true)
  })
  test('is wrong itself when even in peace the end is never reached', () => {
    expect(() => failing(examOf(good, () => false))).toThrow(BadExam)
    expect(() => failing(examOf(good, () => false))).toThrow(/never came to its end: there is one map in the shop/)
  })
})

test('a few steps are chosen evenly, with the first and the last', () => {
  const steps = Array.from({ length: 11 }, (_, i) => i * 10)
  expect(chosen(steps, 3)).toEqual([0, 50, 100])
  expect(chosen(steps, 1)).toEqual([0])
  expect(chosen(steps)).toEqual(steps)
})
