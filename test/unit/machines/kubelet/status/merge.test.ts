import { expect, test } from 'vitest'
import { mergedStatus, statusPatch } from '../../../../../machines/kubelet/status/merge.ts'

const gate = { type: 'x/g', status: 'True' }
const ready = (status: string, rest = {}) => ({ type: 'Ready', status, ...rest })

test('conditions of others stay as the API has them', () => {
  expect(
    mergedStatus({ conditions: [gate, ready('False')] }, { conditions: [ready('True')] }, true).conditions,
  ).toEqual([gate, ready('True')])
})
test('a terminal phase waits until nothing can run', () => {
  const wanted = { phase: 'Failed', reason: 'Evicted', podIP: '1' }
  expect(mergedStatus({ phase: 'Running' }, wanted, true)).toEqual({ phase: 'Running', podIP: '1' })
  expect(mergedStatus({ phase: 'Running' }, wanted, false)).toEqual(wanted)
})
test('only what differs is patched', () => {
  expect(statusPatch('u', { phase: 'Running' }, { phase: 'Running' })).toBeUndefined()
  expect(statusPatch('u', { phase: 'Running', reason: 'x' }, { phase: 'Failed' })).toEqual({
    metadata: { uid: 'u' },
    status: { phase: 'Failed', reason: null },
  })
})
test('of conditions those that changed, with the order of all', () => {
  const before = [gate, ready('False', { reason: 'R', message: 'M' }), { type: 'Old', status: 'True' }]
  expect(statusPatch('u', { conditions: before }, { conditions: [gate, ready('True')] })).toEqual({
    metadata: { uid: 'u' },
    status: {
      '$setElementOrder/conditions': [{ type: 'x/g' }, { type: 'Ready' }],
      conditions: [
        { type: 'Ready', status: 'True', reason: null, message: null },
        { $patch: 'delete', type: 'Old' },
      ],
    },
  })
})
