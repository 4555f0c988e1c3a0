import { expect, test } from 'vitest'
import { oncePer } from '../../../../machines/lib/once-per.ts'

test('each object is worked on once, an equal one anew', () => {
  let times = 0
  const labelsOf = oncePer((object: { name: string }) => {
    times++
    return [object.name]
  })
  const web = { name: 'web' }
  expect(labelsOf(web)).toBe(labelsOf(web))
  expect([labelsOf(web), labelsOf({ ...web })]).toEqual([['web'], ['web']])
  expect(times).toBe(2)
})
