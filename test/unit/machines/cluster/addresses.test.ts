import { expect, test } from 'vitest'
import { addressOf } from '../../../../machines/cluster/addresses.ts'
import { hostsOf, workersOf } from '../../../../machines/cluster/layout.ts'
import { completed } from '../../../../machines/cluster/options.ts'
import { processesOf } from '../../../../machines/cluster/processes.ts'

test('control planes and workers have addresses in networks of their own', () => {
  expect(addressOf('cp-1')).toBe('192.168.0.10')
  expect(addressOf('node-1')).toBe('192.168.1.1')
  expect(addressOf('node-250')).toBe('192.168.2.0')
  expect(addressOf('kwok')).toBe('192.168.0.5')
})

test('no two machines share one', () => {
  const options = completed({ nodes: 600, controlPlanes: 5 })
  const named = hostsOf(options, processesOf(options)).filter(({ name }) => /^(cp|node)-/.test(name))
  const addresses = named.map(({ name }) => addressOf(name))
  expect(new Set(addresses).size).toBe(workersOf(options).length + 5)
})
