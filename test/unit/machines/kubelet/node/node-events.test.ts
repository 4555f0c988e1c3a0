import { expect, test } from 'vitest'
import { nodeEvent, plainNodeEvent } from '../../../../../machines/kubelet/node/node-events.ts'

test('events about a node carry its name as uid', () => {
  expect(nodeEvent('r', 'n', 'NodeReady')).toMatchObject({
    to: 'r',
    event: { about: { kind: 'Node', name: 'n', uid: 'n' }, message: 'Node n status is now: NodeReady' },
  })
  expect(plainNodeEvent('r', 'n', 'Starting', 'Starting kubelet.')).toMatchObject({ event: { reason: 'Starting' } })
})
