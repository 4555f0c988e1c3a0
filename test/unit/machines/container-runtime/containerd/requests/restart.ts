/** What containerd finds again after a restart. */
import { describe, expect, test } from 'vitest'
import { containerd } from '../../../../../../machines/container-runtime/containerd/containerd.ts'
import { Tree } from '../../../../../../runtime/tree.ts'
import { born } from '../../../../../kit/chart.ts'
import {
  addressOf,
  at,
  type Chart,
  config,
  cri,
  exit,
  input,
  kubelet,
  onlyContainer,
  onlySandbox,
  replies,
  sandboxConfig,
  up,
} from './start.ts'

export default (): void => {
  describe('after a restart', () => {
    /** What all the writes of a history leave on the disk. */
    function diskOf(charts: readonly Chart[]): Tree<unknown> {
      let disk = Tree.of<unknown>()
      for (const chart of charts) for (const { key, value } of chart.did('write')) disk = disk.update(key, () => value)
      return disk
    }
    function history(): readonly [Tree<unknown>, string, string] {
      const sandboxed = up().on(cri('RunPodSandbox', { config: sandboxConfig() }), kubelet)
      const ready = sandboxed.on({ type: 'sandbox.ready', id: onlySandbox(sandboxed) })
      const mounts = [{ volume: 'v', containerPath: '/v', readonly: false }]
      const made = ready.on(
        cri('CreateContainer', { podSandboxId: onlySandbox(ready), config: config({ mounts }) }),
        kubelet,
      )
      const written = made.on({ type: 'volume.changed', volume: 'v', files: [] }, { from: addressOf(made) })
      const pulled = written.on({ type: 'pull.finished', image: 'docker.io/library/x:1', outcome: 'well' })
      const configured = pulled.on({ type: 'cni.configured', podCIDR: '10.244.1.0/29' })
      return [diskOf([sandboxed, ready, made, written, pulled, configured]), onlySandbox(made), onlyContainer(made)]
    }
    const [disk, sandbox, id] = history()

    test('everybody is asked how they fare; meanwhile the kubelet is put off', () => {
      const chart = up({}, disk)
      expect(chart.state).toBe('recovering')
      expect(chart.did('call').map(({ to }) => to)).toEqual([`pod-sandbox/node-1/${sandbox}`, `container/node-1/${id}`])
      expect(replies(chart.on(cri('ListContainers'), kubelet))[0]).toMatchObject({
        error: 'server is not initialized yet',
      })
      const serving = chart
        .on({ type: 'sandbox.ready', id: sandbox })
        .on({ type: 'container.inspected', id, state: 'RUNNING', startedAt: at })
      expect(serving.state).toBe('serving.withNetwork')
      expect(serving.context.containers.get(id)?.startedAt).toBe(at)
    })
    test('exits that nobody saw are found', () => {
      const chart = up({}, disk).on({ type: 'container.inspected', id, state: 'EXITED', startedAt: at, exit })
      expect(chart.context.containers.get(id)?.exit).toEqual(exit)
      expect(chart.on({ type: 'container.inspected', id: 'x', state: 'CREATED', startedAt: 0 }).state).toBe(
        'serving.withNetwork',
      )
    })
    test('what a loss of power has taken is marked', () => {
      const lost = up({}, disk)
        .on({ type: 'call.lost', line: `inspect sandbox ${sandbox}`, reason: 'refused' })
        .on({ type: 'call.lost', line: `inspect container ${id}`, reason: 'refused' })
      expect(lost.state).toBe('serving.withNetwork')
      expect(lost.context.containers.get(id)?.exit).toMatchObject({ exitCode: 255, reason: 'Unknown' })
      expect(lost.context.sandboxes.get(sandbox)?.state).toBe('NOTREADY')
    })
    test('who does not answer is not waited for longer than ten seconds', () => {
      const chart = up({}, disk).on({ type: 'cni.configured', podCIDR: '10.244.2.0/24' })
      expect(chart.after('connect time-out').state).toBe('serving.withNetwork')
    })
    test('the network is as it was', () => {
      const { podCIDR: _, ...bare } = input
      const chart = born(containerd, bare, 'containerd/node-1', { at, disk })
      expect(chart.context.podCIDR).toBe('10.244.1.0/29')
      expect(chart.context.images.size + chart.context.volumes.size).toBe(2)
    })
  })
}
