import { expect, test } from 'vitest'
import {
  hasTemplateOf,
  largestThenNewest,
  largestThenOldest,
  lowestRevisionFirst,
  newReplicaSetOf,
  oldestFirst,
  oldReplicaSetsOf,
} from '../../../../../machines/controllers/deployment/replica-sets.ts'
import { deployment, setOf, template } from './examples.ts'

const a = setOf('img:1', 2, {}, { created: 1, revision: 3 })
const b = setOf('img:2', 2, {}, { created: 2, revision: 2 })
const c = setOf('img:3', 5, {}, { created: 2, revision: 2 })
const names = (sets: readonly (typeof a)[]) => sets.map(({ spec }) => spec.template?.spec?.containers[0]?.image)

test('sets stand in the order of age, of size or of revision', () => {
  const tie = [b, c].sort((x, y) => (x.metadata.name < y.metadata.name ? -1 : 1))
  expect(names([c, b, a].toSorted(oldestFirst))).toEqual(['img:1', ...names(tie)])
  expect(names([a, b, c].toSorted(largestThenOldest))).toEqual(['img:3', 'img:1', 'img:2'])
  expect(names([a, b, c].toSorted(largestThenNewest))).toEqual(['img:3', 'img:2', 'img:1'])
  expect(names([a, b, c].toSorted(lowestRevisionFirst))).toEqual([...names(tie), 'img:1'])
})

test('the new one has the template, its hash label aside; of several it is the oldest', () => {
  const rolled = deployment({ template: template('img:2') })
  expect(newReplicaSetOf(rolled, [a, b, c])).toBe(b)
  expect(oldReplicaSetsOf(rolled, [a, b, c])).toEqual([a, c])
  const twin = { ...b, metadata: { ...b.metadata, name: 'twin', creationTimestamp: '1970-01-01T00:00:00Z' } }
  expect(newReplicaSetOf(rolled, [b, twin])).toBe(twin)
  expect(newReplicaSetOf(deployment({ template: template('img:9') }), [a, b])).toBeUndefined()
  expect([hasTemplateOf(rolled, a), hasTemplateOf(rolled, a)]).toEqual([false, false])
})
