import { expect, test } from 'vitest'
import {
  AT_FIRST,
  allocatableOf,
  imagesShown,
  newNode,
  nodeConditions,
} from '../../../../../machines/kubelet/node/node-object.ts'
import { DAY, IMAGE } from '../fixtures.ts'

const IDS = { bootID: 'b', machineID: 'm', systemUUID: 's' }
const INPUT = {
  node: 'node-1',
  apiserver: '',
  runtime: '',
  hostIP: '1.2.3.4',
  capacity: { cpu: '2', 'ephemeral-storage': '264212084Ki', memory: '24684084Ki', pods: '110' },
  labels: { zone: 'a' },
  taints: [],
}

test('what is allocatable is as recorded', () => {
  expect(allocatableOf(INPUT)).toEqual({
    cpu: '2',
    'ephemeral-storage': '243497856212',
    'hugepages-1Gi': '0',
    'hugepages-2Mi': '0',
    memory: '24581684Ki',
    pods: '110',
  })
})
test('a new node is not ready yet', () => {
  const node = newNode(INPUT, IDS, DAY)
  expect(node.metadata.labels).toMatchObject({ zone: 'a', 'kubernetes.io/hostname': 'node-1' })
  expect(node.status?.conditions?.at(-1)).toMatchObject({
    type: 'Ready',
    status: 'False',
    reason: 'KubeletNotReady',
    message: AT_FIRST,
  })
})
test('a condition keeps its time while it stays; problems are listed', () => {
  const before = nodeConditions([], [], DAY)
  const after = nodeConditions(['a', 'b'], before, DAY + 1_000)
  expect(after.map(({ lastTransitionTime }) => lastTransitionTime?.slice(17, 19))).toEqual(['00', '00', '00', '01'])
  expect(after.at(-1)?.message).toBe('[a, b]')
})
test('the largest images are shown first', () => {
  const images = [IMAGE, { ...IMAGE, id: 'sha256:2', imageRef: 'sha256:2', sizeBytes: 2_000 }]
  expect(imagesShown(images)).toEqual([
    { names: ['docker.io/library/nginx:1'], sizeBytes: 2_000 },
    { names: ['docker.io/library/nginx@sha256:1', 'docker.io/library/nginx:1'], sizeBytes: 1_000 },
  ])
})
