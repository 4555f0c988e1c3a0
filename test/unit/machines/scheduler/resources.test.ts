import { describe, expect, test } from 'vitest'
import {
  difference,
  NOTHING,
  nonZeroRequestsOf,
  requestsOf,
  resourcesOf,
  sum,
} from '../../../../machines/scheduler/resources.ts'
import { pod } from './cluster.ts'

const container = (cpu?: string, more: object = {}) => ({
  name: 'c',
  resources: cpu === undefined ? {} : { requests: { cpu } },
  ...more,
})
const cpuOf = (spec: object) => requestsOf(pod('web', { spec } as object)).milliCpu
const SIDECAR = { restartPolicy: 'Always' }

describe('what a pod asks for', () => {
  test.each([
    ['containers run together', { containers: [container('1'), container('500m')] }, 1_500],
    [
      'init containers run one after another',
      { containers: [container('1')], initContainers: [container('2'), container('3')] },
      3_000,
    ],
    [
      'a sidecar runs beside the containers',
      { containers: [container('1')], initContainers: [container('2', SIDECAR)] },
      3_000,
    ],
    [
      'and beside the init containers after it',
      { containers: [container('1')], initContainers: [container('2', SIDECAR), container('3')] },
      5_000,
    ],
    ['overhead comes on top', { containers: [container('1')], overhead: { cpu: '250m' } }, 1_250],
  ])('%s', (_, spec, milliCpu) => {
    expect(cpuOf(spec)).toBe(milliCpu)
  })
  test('for scoring a container uses a little of what it does not mention', () => {
    const spec = { containers: [container('1'), container()] }
    expect(nonZeroRequestsOf(pod('web', { spec } as object))).toMatchObject({
      milliCpu: 1_100,
      memoryBytes: 400 * 2 ** 20,
    })
  })
  test('but not of what it says is 0', () => {
    expect(nonZeroRequestsOf(pod('web', { spec: { containers: [container('0')] } } as object)).milliCpu).toBe(0)
  })
})

test('extended resources, huge pages and attachable volumes are counted by name, others not', () => {
  const { scalar } = resourcesOf({ 'example.com/gpu': '2', 'hugepages-2Mi': '4Mi', pods: '10', storage: '1Gi' })
  expect(scalar).toEqual({ 'example.com/gpu': 2, 'hugepages-2Mi': 4 * 2 ** 20 })
  expect(resourcesOf({ 'ephemeral-storage': '1Ki' }).ephemeralStorageBytes).toBe(1_024)
})
test('amounts are added and taken away', () => {
  const two = resourcesOf({ cpu: '2', 'example.com/gpu': '1' })
  expect(difference(sum(two, two), two)).toEqual(two)
  expect(sum(NOTHING, NOTHING)).toEqual(NOTHING)
})
