/** What `orrery time` and `orrery fault` ask of a running server. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TimeTold } from '../../cli/serve/control.ts'
import { remote } from '../../cli/serve/remote.ts'
import { Session } from './kubectl.ts'

let session: Session
beforeAll(async () => {
  session = await Session.begin('paused', { nodes: 1 })
})
afterAll(() => session.end())

const order = (what: 'time' | 'fault', said: unknown): Promise<TimeTold> =>
  remote<TimeTold>(join(session.folder, 'kubeconfig'), `/orrery/${what}`, said)
const isReady = (): boolean => session.cluster.node('node-1').ready

test('time stands still, is advanced at once, and goes on as it did before the pause', async () => {
  const before = await order('time', {})
  expect(before.speed).toBe('paused')
  const after = await order('time', { advanceMs: 3_600_000 })
  expect(after.virtualMs - before.virtualMs).toBe(3_600_000)
  expect((await order('time', { speed: '10x' })).speed).toBe('10x')
  expect((await order('time', { speed: 'paused' })).speed).toBe('paused')
  expect((await order('time', { resume: true })).speed).toBe('10x')
  await order('time', { speed: 'paused' })
})
test('while time stands still, questions are answered, and nothing else goes on', async () => {
  const { virtualMs } = await order('time', {})
  const wait = new Promise((done) => setTimeout(done, 50))
  const spec = { containers: [{ name: 'one', image: 'nginx' }] }
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'waiting' }, spec }
  const path = '/api/v1/namespaces/default/pods'
  await remote(join(session.folder, 'kubeconfig'), path, pod, 201)
  await wait
  const after = await order('time', {})
  expect(after.virtualMs - virtualMs).toBeLessThan(50)
  expect(session.cluster.pod('waiting').object?.status?.phase).toBe('Pending')
  await order('time', { advanceMs: 10_000 })
  expect(session.cluster.pod('waiting').object?.status?.phase).toBe('Running')
})
test('a node without power is lost, and comes back with it', async () => {
  await order('fault', { fault: 'power', on: ['off', 'node-1'] })
  await order('time', { advanceMs: 60_000 })
  expect(isReady()).toBe(false)
  await order('fault', { fault: 'power', on: ['on', 'node-1'] })
  await order('time', { advanceMs: 60_000 })
  expect(isReady()).toBe(true)
})
test('a process that is restarted is another life of it', async () => {
  const life = () => session.cluster.world.inside.actors.get('kubelet/node-1')?.life.born
  const before = life()
  await order('fault', { fault: 'restart', on: ['kubelet/node-1'] })
  await order('time', { advanceMs: 30_000 })
  expect(life()).not.toBe(before)
  await expect(order('fault', { fault: 'start', on: ['kubelet/node-1'] })).rejects.toThrow('runs already')
})
test('what makes no sense is refused with what would', async () => {
  await expect(order('fault', { fault: 'crash', on: ['kubelet/nobody'] })).rejects.toThrow(
    'nobody runs as kubelet/nobody; there are kubelet/node-1',
  )
  await order('fault', { fault: 'slow-disk', on: ['cp-1', '20ms'] })
  expect(session.cluster.world.recorded.at(-1)?.operation).toEqual({ op: 'slowDisk', host: 'cp-1', ms: 20 })
  await order('fault', { fault: 'mend-disk', on: ['cp-1'] })
  await expect(order('fault', { fault: 'slow-disk', on: ['cp-1'] })).rejects.toThrow('slow-disk wants a host, and how')
  await expect(order('fault', { fault: 'slow-disk', on: ['cp-1', 'long'] })).rejects.toThrow('long')
  await expect(order('fault', { fault: 'explode', on: [] })).rejects.toThrow('there are crash, restart')
  await expect(order('fault', { fault: 'cut', on: ['nowhere'] })).rejects.toThrow('there is no host "nowhere"')
  await expect(order('time', { speed: 'fast' })).rejects.toThrow('is no pace')
})
test('a question to a server that is gone does not move a clock that stands', async () => {
  await order('fault', { fault: 'power', on: ['off', 'cp-1'] })
  const before = await order('time', {})
  const asked = remote(join(session.folder, 'kubeconfig'), '/api/v1/namespaces', {}, 201).catch(() => undefined)
  await new Promise((done) => setTimeout(done, 300))
  const after = await order('time', {})
  expect(after.virtualMs - before.virtualMs).toBeLessThanOrEqual(1_010)
  await order('fault', { fault: 'power', on: ['on', 'cp-1'] })
  await order('time', { advanceMs: 90_000 })
  await asked
})
