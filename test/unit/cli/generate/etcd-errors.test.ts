/** The page of etcd's errors tells what happens: its schedules break a promise with the error, and none without. */
import { describe, expect, test } from 'vitest'
import { page, pageIn, scheduleIn } from '../../../../cli/generate/etcd-errors.ts'
import { simplest } from '../../../../machines/cluster/etcd-alone/simplest.ts'
import { lived } from '../../../../machines/cluster/etcd-alone/trial.ts'
import { BUGS } from '../../../../machines/etcd/bug.ts'

describe.each(BUGS)('the schedule of %s', (bug) => {
  const { of, ...rest } = scheduleIn(bug)

  test('breaks a promise with the error put back, and none without it', () => {
    expect(of.bug).toBe(bug)
    expect(lived({ ...rest, of }).broken).not.toEqual([])
    const { bug: _, ...sound } = of
    expect(lived({ ...rest, of: sound }).broken).toEqual([])
  })

  test('has nothing in it that could be left out', () => {
    expect(simplest({ ...rest, of }).moves).toEqual(rest.moves)
  })
})

test('the page is current (npx tsx cli/generate/etcd-errors.ts --page writes it)', () =>
  expect(pageIn()).toBe(page(scheduleIn)))
