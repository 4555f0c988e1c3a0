import { expect, test } from 'vitest'
import { resourceOf } from '../../../../../machines/lib/schema.ts'
import { columnsOf } from '../../../../../machines/lib/table/columns.ts'
import profile from '../../../../../machines/profiles/v1.32/index.ts'

test('v1.32 serves its resources, each with a schema', () => {
  expect(profile.version).toBe('v1.32')
  expect(profile.resources).toHaveLength(59)
  for (const { schema } of profile.resources) expect(schema.properties).toBeDefined()
})
test('subresources are known', () => {
  expect(resourceOf(profile, 'pods')?.subresources).toContain('binding')
  expect(resourceOf(profile, 'deployments.apps')?.subresources).toEqual(['scale', 'status'])
})
test('what OpenAPI does not say comes from the Go types', () => {
  const pod = resourceOf(profile, 'pods')?.schema.properties
  expect(pod?.metadata?.properties?.creationTimestamp).toMatchObject({ format: 'date-time', default: null })
  expect(pod?.spec?.properties?.hostNetwork?.omitZero).toBe(true)
  expect(pod?.spec?.properties?.priority?.omitZero).toBeUndefined()
  expect(Object.keys(pod?.spec?.properties ?? {}).slice(0, 3)).toEqual(['volumes', 'initContainers', 'containers'])
})
test('tables have their columns', () => {
  const pods = resourceOf(profile, 'pods')
  expect(pods && columnsOf(pods).map(({ name }) => name)).toEqual([
    'Name',
    'Ready',
    'Status',
    'Restarts',
    'Age',
    'IP',
    'Node',
    'Nominated Node',
    'Readiness Gates',
  ])
})
