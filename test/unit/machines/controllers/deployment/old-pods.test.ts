import { expect, test } from 'vitest'
import { oldPodsRun } from '../../../../../machines/controllers/deployment/old-pods.ts'
import { cacheOf, deployment, podOf, setOf } from './examples.ts'

const old = setOf('img:1', 0, {})

test('old pods run until each of them is over', () => {
  const pods = (...phases: string[]) =>
    cacheOf(
      'pods',
      phases.map((phase, i) => podOf(old, `${i}`, phase)),
    )
  expect(oldPodsRun(deployment(), [old], pods('Running'))).toBe(true)
  expect(oldPodsRun(deployment(), [old], pods('Succeeded', 'Failed'))).toBe(false)
  expect(oldPodsRun(deployment(), [old], undefined)).toBe(false)
  expect(oldPodsRun(deployment(), [setOf('img:1', 0, { replicas: 1 })], pods())).toBe(true)
  expect(oldPodsRun(deployment(), [], pods('Running'))).toBe(false)
})
