import { expect, test } from 'vitest'
import { host } from '../../../../machines/host/host.ts'
import { born, expectWhole } from '../../../kit/chart.ts'

const restart = { firstMs: 1_000, baseMs: 10_000, maxMs: 300_000, resetMs: 600_000 }
const units = [
  { address: 'containerd/node-1', machine: 'containerd', input: {}, restart },
  { address: 'kubelet/node-1', machine: 'kubelet', input: {}, restart },
]

test('a host boots, then starts one unit for each of its processes', () => {
  const booting = born(host, { bootMs: 3_000, units }, 'host/node-1')
  expect(booting.state).toBe('booting')
  expect(booting.did('wake')[0]?.afterMs).toBe(3_000)
  const running = booting.after('boot time')
  expect(running.state).toBe('running')
  expect(running.did('spawn').map(({ address }) => address)).toEqual(['unit/node-1/containerd', 'unit/node-1/kubelet'])
})

expectWhole(host)
