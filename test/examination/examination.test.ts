/**
 * The examination of every controller that the controller manager runs (design: what must hold whatever comes between).
 * Here each disturbance strikes at a few steps; `npm run soak -- examination` strikes at every one.
 */
import { describe, expect, test } from 'vitest'
import { examine } from '../../machines/cluster/examination/examine.ts'
import { controllers } from '../../machines/controllers/index.ts'
import { EXCUSED, isExcused } from './excused.ts'
import { examOf, WORLDS } from './worlds.ts'

const MOMENTS = 3
const names = controllers.map(({ member }) => member.name)

describe.each(names)('%s', (name) => {
  test('comes to the same end whatever comes between, and asks for nothing when nothing is to do', () => {
    const { failures, steps, runs } = examine(examOf(name), { moments: MOMENTS })
    expect(failures.filter((failure) => !isExcused(name, failure))).toEqual([])
    expect([steps > 5, runs > 20]).toEqual([true, true])
  })
})

test('every world is one of a controller, and so is every excuse', () => {
  expect(Object.keys(WORLDS).filter((name) => !names.includes(name))).toEqual([])
  expect(EXCUSED.filter(({ controller }) => !names.includes(controller))).toEqual([])
})
