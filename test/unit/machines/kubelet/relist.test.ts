import { expect, test } from 'vitest'
import { keyOfWorker, NOTHING_NOTED, noted, relisted, waitingToo } from '../../../../machines/kubelet/relist.ts'
import type { ContainerEvent } from '../../../../machines/protocol/cri.ts'
import { container, exited, sandbox } from './fixtures.ts'

const started: ContainerEvent = { kind: 'CONTAINER_STARTED_EVENT', pod: sandbox().metadata, container: container() }
const stopped: ContainerEvent = { kind: 'CONTAINER_STOPPED_EVENT', pod: sandbox().metadata, container: exited(1) }
const removed: ContainerEvent = { kind: 'CONTAINER_DELETED_EVENT', pod: sandbox().metadata, container: exited(1) }

test('of several events of one container only its last state is told', () => {
  const event = relisted(noted(NOTHING_NOTED, [started, stopped]), 'node-1')[0]?.[1]
  expect(event?.changed).toMatchObject({ containers: [{ state: 'EXITED' }] })
})
test('what was removed is no news', () => {
  expect(noted(NOTHING_NOTED, [removed]).changed.size).toBe(0)
})
test('a worker that waits and whose pod changed is told once', () => {
  const self = 'pod-worker/node-1/default/web'
  const both = waitingToo(waitingToo(noted(NOTHING_NOTED, [started]), self), self)
  expect(relisted(both, 'node-1')).toHaveLength(1)
  expect(keyOfWorker(self)).toBe('default/web')
})
