import { expect, test } from 'vitest'
import { mistakenlyReady, notReady } from '../../../../../machines/controllers/node-lifecycle/pods.ts'
import { AT, pod } from '../objects.ts'

test('pods that seem ready are marked, and nothing else of them changes', () => {
  expect(mistakenlyReady([pod('a'), pod('b', { ready: false })]).map(({ metadata }) => metadata.name)).toEqual(['a'])
  const conditions = [
    { type: 'Initialized', status: 'True' },
    { type: 'Ready', status: 'True', lastTransitionTime: 'x' },
  ]
  expect(notReady(pod('a', { status: { conditions } }), AT).status?.conditions).toEqual([
    { type: 'Initialized', status: 'True' },
    { type: 'Ready', status: 'False', lastTransitionTime: '2026-01-01T00:00:00Z' },
  ])
})
