/** Sandboxes: run, stopped, removed, listed. */
import { describe, expect, test } from 'vitest'
import { containerd } from '../../../../../../machines/container-runtime/containerd/containerd.ts'
import { born } from '../../../../../kit/chart.ts'
import { cri, kubelet, onlySandbox, replies, running, sandboxConfig, up, withSandbox } from './start.ts'

export default (): void => {
  describe('sandboxes', () => {
    test('get an address and are answered once they are ready', () => {
      const chart = up().on(cri('RunPodSandbox', { config: sandboxConfig() }), kubelet)
      expect(chart.did('answer')).toEqual([])
      expect(chart.did('spawn')[0]).toMatchObject({ machine: 'pod-sandbox', process: true })
      const ready = chart.on({ type: 'sandbox.ready', id: onlySandbox(chart) })
      expect(ready.did('answer')[0]).toMatchObject({
        to: 'kubelet/node-1',
        call: 7,
        event: { reply: { podSandboxId: expect.stringMatching(/^[0-9a-f]{64}$/), ips: ['10.244.1.2'] } },
      })
      expect(ready.on({ type: 'sandbox.ready', id: onlySandbox(chart) }).asked).toEqual([])
    })
    test('on the network of the host have its address and need no CNI', () => {
      const chart = withSandbox(born(containerd, { node: 'node-1', nodeIP: '10.0.0.1', images: [] }), {
        hostNetwork: true,
      })
      expect(replies(chart)[0]).toMatchObject({ reply: { ips: ['10.0.0.1'] } })
    })
    test('fail when no network is configured, until it is', () => {
      const bare = born(containerd, { node: 'node-1', nodeIP: '10.0.0.1', images: [] })
      expect(bare.state).toBe('serving.withoutNetwork')
      expect(replies(bare.on(cri('Status'), kubelet))[0]).toMatchObject({
        reply: {
          conditions: [
            { status: true },
            { status: false, message: 'Network plugin returns error: cni plugin not initialized' },
          ],
        },
      })
      const refused = bare.on(cri('RunPodSandbox', { config: sandboxConfig() }), kubelet)
      expect(replies(refused)[0]).toMatchObject({
        type: 'cri.failed',
        error: expect.stringMatching(
          /^failed to setup network for sandbox "[0-9a-f]{64}": cni plugin not initialized$/,
        ),
      })
      const configured = bare.on({ type: 'cni.configured', podCIDR: '10.244.7.0/24' })
      expect(configured.state).toBe('serving.withNetwork')
      expect(replies(withSandbox(configured))[0]).toMatchObject({ reply: { ips: ['10.244.7.2'] } })
      expect(replies(configured.on(cri('Status'), kubelet))[0]).toMatchObject({
        reply: { conditions: [{}, { status: true }] },
      })
    })
    test('fail when the range has no address left', () => {
      let chart = up({ podCIDR: '10.244.1.0/30' })
      chart = withSandbox(chart)
      const refused = chart.on(cri('RunPodSandbox', { config: sandboxConfig() }), kubelet)
      expect(replies(refused)[0]).toMatchObject({
        error: expect.stringContaining(
          'plugin type="bridge" failed (add): failed to allocate for range 0: no IP addresses available in range set: 10.244.1.1-10.244.1.2',
        ),
      })
    })
    test('stop with what runs in them, and give their address back', () => {
      const chart = running()
      const stopping = chart.on(cri('StopPodSandbox', { podSandboxId: onlySandbox(chart) }), kubelet)
      expect(stopping.did('send').map(({ event }) => event)).toEqual([
        { type: 'container.stop', graceMs: 0 },
        { type: 'sandbox.stop' },
      ])
      const stopped = stopping.on({ type: 'sandbox.stopped', id: onlySandbox(chart) })
      expect(stopped.did('answer')).toHaveLength(1)
      expect(stopped.context.allocations.byAddress.size).toBe(0)
      expect(
        stopped.on(cri('StopPodSandbox', { podSandboxId: onlySandbox(chart) }), kubelet).did('answer'),
      ).toHaveLength(1)
      expect(stopped.on({ type: 'sandbox.stopped', id: onlySandbox(chart) }).asked).toEqual([])
      expect(replies(stopped.on(cri('ListPodSandbox'), kubelet))[0]).toMatchObject({
        reply: { sandboxes: [{ state: 'NOTREADY' }] },
      })
    })
    test('whose pause container is killed are not ready any more', () => {
      const chart = withSandbox()
      const lost = chart.on({
        type: 'peer.lost',
        address: `pod-sandbox/node-1/${onlySandbox(chart)}`,
        reason: 'crashed',
      })
      expect(lost.context.sandboxes.values()[0]?.state).toBe('NOTREADY')
      const early = up().on(cri('RunPodSandbox', { config: sandboxConfig() }), kubelet)
      const gone = early.on({
        type: 'peer.lost',
        address: `pod-sandbox/node-1/${onlySandbox(early)}`,
        reason: 'crashed',
      })
      expect(replies(gone)[0]).toMatchObject({ type: 'cri.failed' })
    })
    test('are removed with all their containers', () => {
      const chart = running()
      const removed = chart.on(cri('RemovePodSandbox', { podSandboxId: onlySandbox(chart) }), kubelet)
      expect(removed.context.containers.size + removed.context.sandboxes.size).toBe(0)
      expect(removed.did('send').map(({ event }) => event.type)).toEqual(['container.delete', 'sandbox.stop'])
      expect(removed.on(cri('RemovePodSandbox', { podSandboxId: 'x' }), kubelet).did('answer')).toHaveLength(1)
    })
  })
}
