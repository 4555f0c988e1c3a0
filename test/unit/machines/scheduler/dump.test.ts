import { expect, test } from 'vitest'
import { cacheFrom } from '../../../../machines/scheduler/dump.ts'
import { node, pod } from './cluster.ts'

test('a dump is counted as a scheduler would count it', () => {
  const on = (name: string, status: object = {}) => pod(name, { spec: { nodeName: 'a' }, status } as object)
  const cache = cacheFrom([
    { resource: 'pods', object: on('runs') },
    { resource: 'pods', object: on('over', { phase: 'Succeeded' }) },
    { resource: 'pods', object: pod('waits', { status: { nominatedNodeName: 'a' } } as object) },
    { resource: 'nodes', object: node('a') },
    { resource: 'secrets', object: node('ignored') },
  ])
  expect([cache.placed.keys(), cache.order.places.keys()]).toEqual([['default/runs'], ['a']])
})
