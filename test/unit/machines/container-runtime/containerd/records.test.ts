import { expect, test } from 'vitest'
import {
  type ContainerRecord,
  containerStatus,
  newId,
  noRecords,
  recordsOn,
} from '../../../../../machines/container-runtime/containerd/records.ts'

const record: ContainerRecord = {
  id: 'c1',
  sandbox: 's1',
  pod: { name: 'web', namespace: 'a', uid: 'u1', attempt: 0 },
  config: { metadata: { name: 'c', attempt: 2 } } as ContainerRecord['config'],
  image: 'docker.io/library/a:1',
  imageRef: 'docker.io/library/a@sha256:1',
  createdAt: 1,
  startedAt: 2,
  exit: undefined,
}

test('the state of a container is a matter of what has been noted', () => {
  expect(containerStatus({ ...record, startedAt: 0 }).state).toBe('CREATED')
  expect(containerStatus(record).state).toBe('RUNNING')
})

test('of a log the last eighty lines are shown', () => {
  const log = Array.from({ length: 100 }, (_, i) => ({ at: i, stream: 'stdout' as const, text: `${i}\n` }))
  const exit = {
    startedAt: 2,
    finishedAt: 9,
    exitCode: 1,
    reason: 'Error' as const,
    message: '',
    terminationMessage: '',
    log,
  }
  const { logTail } = containerStatus({ ...record, exit })
  expect(logTail.startsWith('20\n')).toBe(true)
  expect(logTail.endsWith('99\n')).toBe(true)
})

test('an id has 64 digits and depends on what it names', () => {
  expect(newId(7, 'sandbox', 'u1', 0)).toMatch(/^[0-9a-f]{64}$/)
  expect(newId(7, 'sandbox', 'u1', 0)).toBe(newId(7, 'sandbox', 'u1', 0))
  expect(newId(7, 'sandbox', 'u1', 1)).not.toBe(newId(7, 'sandbox', 'u1', 0))
})

test('an empty disk holds no records', () => {
  expect(recordsOn(undefined)).toBe(noRecords)
})
