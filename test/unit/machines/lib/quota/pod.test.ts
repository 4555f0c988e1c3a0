import { expect, test } from 'vitest'
import { isCharged, isPodAmount, podUsage, unsaid } from '../../../../../machines/lib/quota/pod.ts'
import { AT, CREATED, pod } from '../../controllers/objects.ts'

const container = (name: string, requests: object = {}, limits: object = {}, more: object = {}) => ({
  name,
  image: 'i',
  resources: { requests, limits },
  ...more,
})

test('containers run together, init containers one after another beside their sidecars', () => {
  const containers = [
    container('a', { cpu: '100m', memory: '1Gi' }, { memory: '1Gi' }),
    container('b', { cpu: '200m' }),
  ]
  const initContainers = [
    container('sidecar', { cpu: '50m' }, {}, { restartPolicy: 'Always' }),
    container('setup', { cpu: '1' }),
  ]
  expect(podUsage(pod('p', { spec: { containers, initContainers } }), AT)).toEqual({
    'count/pods': '1',
    pods: '1',
    cpu: '1050m',
    'requests.cpu': '1050m',
    memory: '1Gi',
    'requests.memory': '1Gi',
    'limits.memory': '1Gi',
  })
})
test('overhead is asked for too, and limited where something is', () => {
  const containers = [container('a', { cpu: '1' }, { memory: '1Gi' })]
  const overhead = { cpu: '250m', memory: '1Gi' }
  expect(podUsage(pod('p', { spec: { containers, overhead } }), AT)).toMatchObject({
    'requests.cpu': '1250m',
    'requests.memory': '1Gi',
    'limits.memory': '2Gi',
  })
})
test('huge pages and extended resources count by their own names', () => {
  const containers = [container('a', { 'hugepages-2Mi': '4Mi', 'example.com/gpu': '2' })]
  expect(podUsage(pod('p', { spec: { containers } }), AT)).toEqual({
    'count/pods': '1',
    pods: '1',
    'hugepages-2Mi': '4Mi',
    'requests.hugepages-2Mi': '4Mi',
    'requests.example.com/gpu': '2',
  })
  expect(['requests.example.com/gpu', 'requests.hugepages-1Gi', 'hugepages-1Gi', 'pods'].every(isPodAmount)).toBe(true)
  expect(['services', 'requests.storage', 'requests.kubernetes.io/x'].some(isPodAmount)).toBe(false)
})
test('a pod that is over, or that should have been gone for long, holds only its name', () => {
  expect(podUsage(pod('p', { status: { phase: 'Succeeded' } }), AT)).toEqual({ 'count/pods': '1' })
  const going = pod('p', { metadata: { deletionTimestamp: CREATED, deletionGracePeriodSeconds: 30 } })
  expect([isCharged(going, AT + 30_000), isCharged(going, AT + 30_001)]).toEqual([true, false])
})
test('what a quota limits must be said by every container', () => {
  const containers = [container('c'), container('b', { cpu: '1' })]
  expect(unsaid(pod('p', { spec: { containers } }), ['pods', 'requests.cpu', 'limits.memory'])).toBe(
    'must specify limits.memory for: b,c; requests.cpu for: c',
  )
  expect(unsaid(pod('p', { spec: { containers: [container('c', { cpu: '1' })] } }), ['cpu', 'pods'])).toBe(undefined)
})
