import { expect, test } from 'vitest'
import { DEFAULT_PROFILE, everywhere, type Point } from '../../../../machines/scheduler/profile.ts'

const at = (point: Point) => DEFAULT_PROFILE.plugins[point].map(({ name }) => name)

test('plugins take part in the order of the default configuration', () => {
  expect(at('filter')).toEqual([
    'NodeUnschedulable',
    'NodeName',
    'TaintToleration',
    'NodeAffinity',
    'NodePorts',
    'NodeResourcesFit',
    'VolumeRestrictions',
    'NodeVolumeLimits',
    'VolumeBinding',
    'VolumeZone',
    'PodTopologySpread',
    'InterPodAffinity',
  ])
  expect([at('queueSort'), at('postFilter'), at('bind')]).toEqual([
    ['PrioritySort'],
    ['DefaultPreemption'],
    ['DefaultBinder'],
  ])
})
test('scores have the default weights', () => {
  expect(DEFAULT_PROFILE.plugins.score.map(({ name, weight }) => `${name} ${weight}`)).toEqual([
    'TaintToleration 3',
    'NodeAffinity 2',
    'NodeResourcesFit 1',
    'VolumeBinding 0',
    'PodTopologySpread 2',
    'InterPodAffinity 2',
    'NodeResourcesBalancedAllocation 1',
    'ImageLocality 1',
  ])
})
test('a plugin that is not of the tree has nothing to say', () => {
  expect(everywhere([{ name: 'Mine', weight: 1 }]).score).toEqual([])
})
