import { expect, test } from 'vitest'
import {
  NO_NOMINATIONS,
  nominated,
  nominatedOn,
  nominatedTo,
  nominationUpdated,
  notNominated,
} from '../../../../machines/scheduler/nominations.ts'
import { pod } from './cluster.ts'

const told = (nominatedNodeName: string) => pod('web', { status: { nominatedNodeName } } as object)
const at = (nominations: typeof NO_NOMINATIONS) => nominations.nodes.get('default/web')

test('a pod is nominated by what its object says, or by what was just decided', () => {
  expect([nominatedTo(pod('web')), nominatedTo(told('a'))]).toEqual(['', 'a'])
  expect([at(nominated(NO_NOMINATIONS, pod('web'))), at(nominated(NO_NOMINATIONS, told('a')))]).toEqual([
    undefined,
    'a',
  ])
  const moved = nominated(nominated(NO_NOMINATIONS, told('a')), told('a'), 'b')
  expect([at(moved), nominatedOn(moved, 'a').size, nominatedOn(moved, 'b').keys()]).toEqual(['b', 0, ['default/web']])
  expect(nominated(moved, told('a'), '')).toEqual(NO_NOMINATIONS)
})
test('news that say nothing of it leave a nomination in memory', () => {
  const inMemory = nominated(NO_NOMINATIONS, pod('web'), 'a')
  expect(at(nominationUpdated(inMemory, pod('web'), pod('web')))).toBe('a')
  expect(at(nominationUpdated(inMemory, pod('web'), told('b')))).toBe('b')
  expect(at(nominationUpdated(inMemory, told('a'), pod('web')))).toBeUndefined()
  expect(nominationUpdated(NO_NOMINATIONS, pod('web'), pod('web'))).toBe(NO_NOMINATIONS)
})
test('others on the node stay', () => {
  const two = nominated(nominated(NO_NOMINATIONS, told('a')), pod('other'), 'a')
  expect(nominatedOn(notNominated(two, 'default/web'), 'a').keys()).toEqual(['default/other'])
  expect(notNominated(two, 'default/nobody')).toBe(two)
})
