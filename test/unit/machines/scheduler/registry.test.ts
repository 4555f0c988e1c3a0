import { expect, test } from 'vitest'
import { DEFAULT_PROFILE } from '../../../../machines/scheduler/profile.ts'
import { frameworkOf } from '../../../../machines/scheduler/registry.ts'

test('a profile is made into plugins once', () => {
  expect(frameworkOf(DEFAULT_PROFILE)).toBe(frameworkOf(DEFAULT_PROFILE))
  expect(frameworkOf(DEFAULT_PROFILE).preempts).toBe(true)
})
test('a weight of 0 means 1, and what has no score does not take part', () => {
  const score = [
    { name: 'VolumeBinding', weight: 1 },
    { name: 'Unknown', weight: 1 },
    { name: 'ImageLocality', weight: 0 },
  ]
  const filter = [{ name: 'Unknown', weight: 0 }]
  const framework = frameworkOf({ ...DEFAULT_PROFILE, plugins: { ...DEFAULT_PROFILE.plugins, score, filter } })
  expect(framework.score.map(({ plugin, weight }) => [plugin.name, weight])).toEqual([['ImageLocality', 1]])
  expect(framework.filter).toEqual([])
})
