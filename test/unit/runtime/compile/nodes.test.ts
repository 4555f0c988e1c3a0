import { expect, test } from 'vitest'
import type { AnyStateNode } from 'xstate'
import {
  everyNode,
  isDescendant,
  isInFinalState,
  leastCommonAncestor,
  properAncestors,
  valueOf,
} from '../../../../runtime/compile/nodes.ts'
import { context, small } from './small.ts'

const machine = small.createMachine({
  id: 'tree',
  context,
  initial: 'a',
  states: {
    a: { type: 'parallel', states: { b: { initial: 'c', states: { c: {}, d: { type: 'final' } } }, e: {} } },
    f: {},
  },
})
const root = machine.root as unknown as AnyStateNode
const [, a, b, c, d, e, f] = everyNode(root) as [AnyStateNode, ...AnyStateNode[]] as AnyStateNode[]

test('ancestors go from the parent up, without the last one', () => {
  expect(properAncestors(c as AnyStateNode, root)).toEqual([b, a])
  expect(properAncestors(c as AnyStateNode, undefined)).toEqual([b, a, root])
  expect(properAncestors(root, root)).toEqual([])
})

test('a state is no descendant of itself; of nothing, the root is one too', () => {
  expect(isDescendant(c as AnyStateNode, a)).toBe(true)
  expect(isDescendant(a as AnyStateNode, a)).toBe(false)
  expect(isDescendant(root, undefined)).toBe(true)
})

test('the least common ancestor holds all, and is none of them', () => {
  expect(leastCommonAncestor([c, e] as AnyStateNode[])).toBe(a)
  expect(leastCommonAncestor([c, f] as AnyStateNode[])).toBe(root)
  expect(leastCommonAncestor([c, root] as AnyStateNode[])).toBeUndefined()
})

test('a parallel state is in a final state when all of its regions are', () => {
  expect(isInFinalState(new Set([a, b, d] as AnyStateNode[]), b as AnyStateNode)).toBe(true)
  expect(isInFinalState(new Set([a, b, d, e] as AnyStateNode[]), a as AnyStateNode)).toBe(false)
})

test('the value of a configuration is the one that XState gives it', () => {
  expect(valueOf(root, new Set([root, a, b, c, e] as AnyStateNode[]))).toEqual({ a: { b: 'c', e: {} } })
  expect(valueOf(root, new Set([root, f] as AnyStateNode[]))).toBe('f')
})
