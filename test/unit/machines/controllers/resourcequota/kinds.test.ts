import { expect, test } from 'vitest'
import { caches, countedKinds } from '../../../../../machines/controllers/resourcequota/kinds.ts'

test('what lives in namespaces is counted, but Events', () => {
  expect(countedKinds).toEqual(expect.arrayContaining(['pods', 'secrets', 'deployments.apps', 'resourcequotas']))
  expect(countedKinds).not.toEqual(expect.arrayContaining(['events']))
  expect(countedKinds).not.toEqual(expect.arrayContaining(['nodes']))
  expect(new Set(countedKinds).size).toBe(countedKinds.length)
})
test('of most kinds only endings are followed', () => {
  expect(
    caches
      .filter((need) => !('only' in need))
      .map(({ resource }) => resource)
      .sort(),
  ).toEqual(['persistentvolumeclaims', 'resourcequotas', 'services'])
})
