import { describe, expect, test } from 'vitest'
import type { Filtered, PreFiltered } from '../../../../machines/scheduler/attempt.ts'
import { asNote, fitError, rejectingPlugins } from '../../../../machines/scheduler/diagnosis.ts'
import { unresolvable, unschedulable } from '../../../../machines/scheduler/framework.ts'

const open: PreFiltered = { states: {}, active: [], narrowed: undefined, rejection: undefined }
const rejected = (...reasons: readonly (readonly string[])[]): Filtered => ({
  feasible: [],
  rejected: Object.fromEntries(
    reasons.map((its, i) => [`n${i}`, { plugin: 'NodeResourcesFit', ...unschedulable(...its) }]),
  ),
  next: 0,
  asNominated: false,
  error: undefined,
})

describe('why a pod fits nowhere', () => {
  test('counts reasons over nodes, sorted as text', () => {
    const found = rejected(...Array.from({ length: 12 }, () => ['Insufficient cpu', 'Too many pods']), [
      'Too many pods',
    ])
    expect(fitError(13, open, found, '')).toBe('0/13 nodes are available: 12 Insufficient cpu, 13 Too many pods.')
  })
  test('counts the nodes that were not looked at', () => {
    const narrowed = { ...open, narrowed: { nodes: ['n0'], by: ['NodeAffinity'] } }
    expect(fitError(3, narrowed, rejected(['Insufficient cpu']), 'preemption: …')).toBe(
      "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) didn't satisfy plugin(s) [NodeAffinity]. preemption: …",
    )
    expect(rejectingPlugins(narrowed, rejected(['Insufficient cpu']))).toEqual(['NodeAffinity', 'NodeResourcesFit'])
  })
  test('repeats what rejected the pod outright, without a count', () => {
    const rejection = { plugin: 'NodeAffinity', ...unresolvable('pod affinity terms conflict') }
    expect(fitError(3, { ...open, rejection }, undefined, '')).toBe(
      '0/3 nodes are available: pod affinity terms conflict.',
    )
    expect(rejectingPlugins({ ...open, rejection }, undefined)).toEqual(['NodeAffinity'])
  })
  test('an Event holds 1,024 characters of it', () => {
    expect(asNote('short')).toBe('short')
    expect(asNote('x'.repeat(2_000))).toBe(`${'x'.repeat(1_020)} ...`)
  })
})
