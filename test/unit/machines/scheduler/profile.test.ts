import { expect, test } from 'vitest'
import { PLUGINS, weightOf } from '../../../../machines/scheduler/profile.ts'

test('plugins take part in the order of the default configuration', () => {
  const filters = PLUGINS.filter(({ filter }) => filter !== undefined).map(({ name }) => name)
  expect(filters).toEqual([
    'NodeUnschedulable',
    'NodeName',
    'TaintToleration',
    'NodeAffinity',
    'NodePorts',
    'NodeResourcesFit',
    'PodTopologySpread',
    'InterPodAffinity',
  ])
})
test('scores have the default weights', () => {
  const weights = PLUGINS.filter(({ score }) => score !== undefined).map(({ name }) => `${name} ${weightOf(name)}`)
  expect(weights).toEqual([
    'TaintToleration 3',
    'NodeAffinity 2',
    'NodeResourcesFit 1',
    'PodTopologySpread 2',
    'InterPodAffinity 2',
    'NodeResourcesBalancedAllocation 1',
    'ImageLocality 1',
  ])
})
