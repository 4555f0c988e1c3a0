import { expect, test } from 'vitest'
import {
  nodeResourcesFit as make,
  NODE_RESOURCES_FIT_ARGS,
} from '../../../../../machines/scheduler/plugins/node-resources-fit.ts'
import { cacheWith, node, pod } from '../cluster.ts'
import { rejection, scores } from './plugins.ts'

const nodeResourcesFit = make(NODE_RESOURCES_FIT_ARGS)
const asking = (requests: object) => ({ containers: [{ name: 'c', resources: { requests } }] })
const sized = (name: string, allocatable: object) => node(name, { status: { allocatable } } as object)
const cache = cacheWith(
  [
    sized('a', { cpu: '2', memory: '4Gi', pods: '2' }),
    sized('b', { pods: '110' }),
    sized('c', { cpu: '1', pods: '0' }),
  ],
  [pod('p', { spec: { nodeName: 'a', ...asking({ cpu: '3' }) } } as object)],
)

test('names all that is missing', () => {
  expect(
    rejection(nodeResourcesFit, asking({ cpu: '1', memory: '8Gi', 'x.com/b': '1', 'x.com/a': '1' }), cache, 'a'),
  ).toBe('Insufficient cpu, Insufficient memory, Insufficient x.com/a, Insufficient x.com/b')
  expect(rejection(nodeResourcesFit, asking({ 'ephemeral-storage': '1' }), cache, 'b')).toBe(
    'Insufficient ephemeral-storage',
  )
  expect(rejection(nodeResourcesFit, asking({}), cache, 'c')).toBe('Too many pods')
})
test('what a pod does not ask for may be exceeded already', () => {
  expect(rejection(nodeResourcesFit, asking({ memory: '1Gi' }), cache, 'a')).toBe('')
})
test('likes nodes that stay emptier, by the resources that they have', () => {
  expect(scores(nodeResourcesFit, asking({ cpu: '500m', memory: '1Gi' }), cache).raw).toEqual([35, 0, 50])
})
