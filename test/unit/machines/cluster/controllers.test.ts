import { expect, test } from 'vitest'
import { controllersOf } from '../../../../machines/cluster/controllers.ts'
import { completed } from '../../../../machines/cluster/options.ts'
import { controllers } from '../../../../machines/controllers/index.ts'

const LAMPS = { group: 'a.b', version: 'v1', kind: 'Lamp', plural: 'lamps', namespaced: true }

test('the built-in ones run, and those of the user beside them', () => {
  const own = { member: { name: 'own', caches: [] }, machines: [] }
  expect(controllersOf(completed({ controllers: [own] }))).toEqual([...controllers, own])
})

test("the garbage collector knows the user's own kinds; it is made once for a list of them", () => {
  const options = completed({ resources: [LAMPS] })
  const [one, again] = [controllersOf(options), controllersOf(options)]
  const collector = one.find(({ member }) => member.name === 'garbage-collector')
  expect(collector?.member.caches).toContainEqual({ resource: 'lamps.a.b', only: 'ownership' })
  expect(again).toContain(collector)
  expect(one).toHaveLength(controllers.length)
})
