import { expect, test } from 'vitest'
import { containerd } from '../../../../../machines/container-runtime/containerd/containerd.ts'
import { expectWhole } from '../../../../kit/chart.ts'
import containers from './requests/containers.ts'
import images from './requests/images.ts'
import restarts from './requests/restart.ts'
import sandboxes from './requests/sandboxes.ts'
import { addressOf, exit, kubelet, onlyContainer, replies, running } from './requests/start.ts'

test('logs come from the container while it is there, and from the record afterwards', () => {
  const chart = running()
  const id = onlyContainer(chart)
  const sought = chart.on({ type: 'log.request', containerId: id }, kubelet)
  const line = sought.did('call')[0]?.line as string
  expect(sought.on({ type: 'log.answered', lines: [] }, { line }).did('answer')).toHaveLength(1)
  expect(replies(sought.on({ type: 'call.lost', line, reason: 'reset' }))[0]).toMatchObject({ type: 'log.answered' })
  const over = chart.on({ type: 'container.exited', id, ...exit })
  expect(replies(over.on({ type: 'log.request', containerId: id }, kubelet))[0]).toMatchObject({
    lines: [{ text: 'line\n' }],
  })
})

test('who has an address is told to the traffic', () => {
  const chart = running()
  const found = (ip: string) => replies(chart.on({ type: 'pod.sought', ip }, kubelet))[0]
  expect(found('10.244.1.2')).toEqual({ type: 'pod.found', containers: [addressOf(chart)] })
  expect(found('10.244.1.3')).toEqual({ type: 'pod.found', containers: [] })
})

for (const part of [sandboxes, containers, images, restarts]) part()
expectWhole(containerd)
