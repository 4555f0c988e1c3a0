import { expect, test } from 'vitest'
import { podInfoOf } from '../../../../machines/scheduler/pod-info.ts'
import {
  candidatesFor,
  countOn,
  NO_PODS,
  wantedLabels,
  withLabelled,
  withoutLabelled,
} from '../../../../machines/scheduler/pods-by-label.ts'
import { Tree } from '../../../../runtime/tree.ts'
import { node, pod } from './cluster.ts'

const labelled = (name: string, labels: object) => podInfoOf(pod(name, { metadata: { labels } } as object))
const web = labelled('web', { app: 'web', tier: 'fe' })
const db = labelled('db', { app: 'db', tier: 'fe' })
const [a, b] = [node('a'), node('b')]
const index = withLabelled(withLabelled(withLabelled(Tree.of(), web, a), db, b), labelled('bare', {}), b)

test('the rarest of the labels that a selector wants says where to look', () => {
  const nodesFor = (selector: object | undefined) => candidatesFor(index, selector).keys()
  expect(nodesFor({ matchLabels: { tier: 'fe', app: 'db' } })).toEqual(['b'])
  expect(nodesFor({ matchLabels: { tier: 'fe' } })).toEqual(['a', 'b'])
  expect(nodesFor({ matchExpressions: [{ key: 'app', operator: 'In', values: ['web'] }] })).toEqual(['a'])
  expect(nodesFor({ matchExpressions: [{ key: 'app', operator: 'Exists' }] })).toEqual(['a', 'b'])
  expect(nodesFor({ matchLabels: { app: 'nobody' } })).toEqual([])
  expect(nodesFor(undefined)).toEqual([])
  expect(candidatesFor(Tree.of(), {})).toBe(NO_PODS)
})
test('several values, or none, are wanted of no one label', () => {
  const matchExpressions = [
    { key: 'app', operator: 'In', values: ['a', 'b'] },
    { key: 'app', operator: 'NotIn', values: ['a'] },
    { key: 'app', operator: 'DoesNotExist' },
  ]
  expect(wantedLabels({ matchExpressions })).toEqual([])
})
test('pods are counted on one node', () => {
  const all = candidatesFor(index, {})
  expect(['a', 'b', 'c'].map((name) => countOn(all, name, () => true))).toEqual([1, 2, 0])
  expect(countOn(all, 'b', ({ labels }) => labels['app'] === 'db')).toBe(1)
})
test('who leaves is found under no label any more', () => {
  const left = withoutLabelled(withoutLabelled(index, web, a), db, b)
  expect(left.keys()).toEqual([''])
  expect(candidatesFor(left, {}).keys()).toEqual(['b'])
})
