import { expect, test } from 'vitest'
import { nodeResourcesBalancedAllocation as make } from '../../../../../machines/scheduler/plugins/node-resources-balanced-allocation.ts'
import { CPU_AND_MEMORY } from '../../../../../machines/scheduler/plugins/node-resources-fit.ts'
import { cacheWith, node } from '../cluster.ts'
import { scores } from './plugins.ts'

const nodeResourcesBalancedAllocation = make({ resources: CPU_AND_MEMORY })
const sized = (name: string, allocatable: object) => node(name, { status: { allocatable } } as object)
const spec = { containers: [{ name: 'c', resources: { requests: { cpu: '1', memory: '1Gi' } } }] }

test('likes nodes of which the same share of everything would be used', () => {
  const nodes = [
    sized('even', { cpu: '2', memory: '2Gi' }),
    sized('odd', { cpu: '2', memory: '10Gi' }),
    sized('full', { cpu: '500m', memory: '100Mi' }),
    sized('strange', { cpu: '1' }),
  ]
  expect(scores(nodeResourcesBalancedAllocation, spec, cacheWith(nodes)).raw).toEqual([100, 80, 100, 100])
})
