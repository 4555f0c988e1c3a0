/** Containers, and commands in them. */
import { describe, expect, test } from 'vitest'
import type { ContainerStatus } from '../../../../../../machines/protocol/cri.ts'
import {
  addressOf,
  at,
  config,
  cri,
  exit,
  kubelet,
  onlyContainer,
  onlySandbox,
  replies,
  running,
  withContainer,
  withSandbox,
} from './start.ts'

export default (): void => {
  describe('containers', () => {
    test('are created as processes of their own', () => {
      const chart = withSandbox()
      const asked = chart.on(cri('CreateContainer', { podSandboxId: onlySandbox(chart), config: config() }), kubelet)
      expect(asked.did('spawn')[0]).toMatchObject({ machine: 'container', process: true, address: addressOf(asked) })
      expect(asked.did('wake')[0]).toMatchObject({ afterMs: 40 })
      const made = asked.on({ type: 'container.prepared', id: onlyContainer(asked) })
      expect(replies(made)[0]).toMatchObject({ reply: { containerId: onlyContainer(asked) } })
    })
    test('need their sandbox and their image', () => {
      const chart = withSandbox()
      const fail = (podSandboxId: string, image: string) =>
        replies(chart.on(cri('CreateContainer', { podSandboxId, config: config({ image }) }), kubelet))[0]
      expect(fail('x', 'app:1')).toMatchObject({ code: 'NotFound', error: 'failed to find sandbox id "x": not found' })
      expect(fail(onlySandbox(chart), 'other:1')).toMatchObject({ code: 'NotFound' })
    })
    test('are started once, and followed', () => {
      const followed = withContainer().on(cri('GetContainerEvents'), { from: 'kubelet/node-1', call: 9 })
      const chart = running(followed)
      expect(chart.did('answer')).toHaveLength(1)
      expect(chart.did('push')[0]).toMatchObject({
        stream: 9,
        event: { events: [{ kind: 'CONTAINER_STARTED_EVENT', container: { state: 'RUNNING', startedAt: at } }] },
      })
      const again = chart.on(cri('StartContainer', { containerId: onlyContainer(chart) }), kubelet)
      expect(replies(again)[0]).toMatchObject({
        error: expect.stringContaining('container is in CONTAINER_RUNNING state'),
      })
      const over = chart
        .on({ type: 'stream.closed', stream: 9 })
        .on({ type: 'container.exited', id: onlyContainer(chart), ...exit })
      expect(over.did('push')).toEqual([])
      expect(replies(over.on(cri('StartContainer', { containerId: onlyContainer(chart) }), kubelet))[0]).toMatchObject({
        error: expect.stringContaining('EXITED'),
      })
      expect(replies(chart.on(cri('StartContainer', { containerId: 'x' }), kubelet))[0]).toMatchObject({
        code: 'NotFound',
      })
      expect(chart.on({ type: 'container.started', id: 'x', at }).asked).toEqual([])
    })
    test('that cannot start fail with the words of runc', () => {
      const chart = withContainer()
      const id = onlyContainer(chart)
      const message = 'failed to create containerd task: …'
      const failed = chart
        .on(cri('StartContainer', { containerId: id }), kubelet)
        .on({ type: 'container.exited', id, ...exit, exitCode: 128, reason: 'StartError', message })
      expect(replies(failed)[0]).toMatchObject({ type: 'cri.failed', code: 'Unknown', error: message })
    })
    test('are listed all, or those of the one pod that is named', () => {
      const chart = running()
      const listed = (more: object): unknown[] => {
        const [answer] = replies(chart.on(cri('ListContainers', more), kubelet))
        return (answer as never as { reply: { containers: ContainerStatus[] } }).reply.containers
      }
      const [{ pod }] = listed({}) as [ContainerStatus]
      expect(listed({ podUid: pod.uid })).toHaveLength(1)
      expect(listed({ podUid: 'another' })).toEqual([])
    })

    test('that are to stop are answered when they have exited', () => {
      const chart = running()
      const id = onlyContainer(chart)
      const stopping = chart.on(cri('StopContainer', { containerId: id, timeoutSeconds: 30 }), kubelet)
      expect(stopping.did('send')[0]?.event).toEqual({ type: 'container.stop', graceMs: 30_000 })
      const over = stopping.on({ type: 'container.exited', id, ...exit })
      expect(over.did('answer')).toHaveLength(1)
      expect(over.did('send')[0]?.event).toEqual({ type: 'container.delete' })
      expect(over.on({ type: 'container.exited', id, ...exit }).did('send')).toHaveLength(1)
      expect(over.on(cri('StopContainer', { containerId: id, timeoutSeconds: 1 }), kubelet).did('answer')).toHaveLength(
        1,
      )
      const [status] = (
        replies(over.on(cri('ListContainers'), kubelet))[0] as never as { reply: { containers: ContainerStatus[] } }
      ).reply.containers
      expect(status).toMatchObject({
        state: 'EXITED',
        exitCode: 1,
        reason: 'Error',
        logTail: 'line\n',
        image: 'docker.io/library/app:1',
      })
    })
    test('whose shim is killed have exited with 137', () => {
      const chart = running()
      const lost = chart.on({ type: 'peer.lost', address: addressOf(chart), reason: 'crashed' })
      expect(lost.context.containers.values()[0]?.exit).toMatchObject({ exitCode: 137, reason: 'Error' })
      expect(lost.on({ type: 'peer.lost', address: addressOf(chart), reason: 'ended' }).asked).toEqual([])
    })
    test('are removed, running or not', () => {
      const chart = running()
      const containerId = onlyContainer(chart)
      const removed = chart.on(cri('RemoveContainer', { containerId }), kubelet)
      expect(removed.did('send')[0]?.event).toEqual({ type: 'container.delete' })
      expect(removed.context.sandboxes.values()[0]?.containers).toEqual([])
      expect(removed.on(cri('RemoveContainer', { containerId }), kubelet).did('answer')).toHaveLength(1)
    })
    test('are told', () => {
      const chart = withContainer()
      const tell = (containerId: string) => replies(chart.on(cri('ContainerStatus', { containerId }), kubelet))[0]
      expect(tell(onlyContainer(chart))).toMatchObject({ reply: { container: { state: 'CREATED' } } })
      expect(tell('x')).toMatchObject({ code: 'NotFound' })
    })
    test('take new limits and new files', () => {
      const chart = running()
      const containerId = onlyContainer(chart)
      const resources = { limits: { cpu: '1' } }
      expect(
        chart.on(cri('UpdateContainerResources', { containerId, resources }), kubelet).did('send')[0]?.event,
      ).toEqual({ type: 'limits.changed', resources })
      expect(
        replies(chart.on(cri('UpdateContainerResources', { containerId: 'x', resources }), kubelet))[0],
      ).toMatchObject({ code: 'NotFound' })
      expect(chart.on(cri('MountsChanged', { containerId, mounts: [] }), kubelet).did('send')[0]?.event).toEqual({
        type: 'mounts.renewed',
        mounts: [],
      })
    })
    test('of one pod share what they write to its volumes', () => {
      const mounts = [{ volume: 'v', containerPath: '/v', readonly: false }]
      const first = running(withContainer(withSandbox(), { mounts }))
      const writer = addressOf(first)
      const both = withContainer(first, { metadata: { name: 'd', attempt: 0 }, mounts })
      const change = {
        type: 'volume.changed',
        volume: 'v',
        files: [{ path: '/x', file: { kind: 'file', content: 'a', size: 1 } }],
      }
      const shared = both.on(change, { from: writer })
      expect(shared.did('send')).toHaveLength(1)
      const third = withContainer(shared, { metadata: { name: 'e', attempt: 0 }, mounts })
      expect(third.context.volumes.get('u1/v')?.get('/x')?.content).toBe('a')
      expect(shared.on(change, { from: 'container/node-1/x' }).asked).toEqual([])
    })
  })

  describe('commands in containers', () => {
    const exec = (containerId: string) => cri('ExecSync', { containerId, command: ['true'], timeoutSeconds: 1 })
    test('are passed on, and their results back', () => {
      const chart = running()
      const asked = chart.on(exec(onlyContainer(chart)), kubelet)
      const line = asked.did('call')[0]?.line as string
      const result = { type: 'cri.answered', reply: { exitCode: 0, stdout: '', stderr: '' } }
      expect(asked.on(result, { line }).did('answer')[0]).toMatchObject({
        to: 'kubelet/node-1',
        call: 7,
        event: result,
      })
      expect(
        asked.on({ type: 'cri.failed', code: 'DeadlineExceeded', error: 'e' }, { line }).did('answer'),
      ).toHaveLength(1)
      expect(replies(asked.on({ type: 'call.lost', line, reason: 'reset' }))[0]).toMatchObject({
        code: 'NotFound',
        error: expect.stringContaining('no running task found'),
      })
    })
    test('fail where nothing runs', () => {
      const chart = withContainer()
      const id = onlyContainer(chart)
      expect(replies(chart.on(exec(id), kubelet))[0]).toMatchObject({
        error: expect.stringContaining('CONTAINER_CREATED'),
      })
      const over = chart.on({ type: 'container.exited', id, ...exit })
      expect(replies(over.on(exec(id), kubelet))[0]).toMatchObject({
        error: 'failed to exec in container: container is in CONTAINER_EXITED state',
      })
      expect(replies(chart.on(exec('x'), kubelet))[0]).toMatchObject({ code: 'NotFound' })
    })
  })
}
