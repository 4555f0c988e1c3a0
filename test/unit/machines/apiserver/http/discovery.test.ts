import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { discovered } from '../../../../../machines/apiserver/http/discovery.ts'
import { extended } from '../../../../../machines/lib/schema.ts'
import profile from '../../../../../machines/profiles/v1.32/index.ts'

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json'
const own = { plural: 'widgets', group: 'example.com', version: 'v1', kind: 'Widget', namespaced: true }
const documentAt = (path: string, accept = 'application/json', of = profile) => {
  const response = discovered(of, path, { accept, serverAddress: '<server-address>' })
  return response === undefined ? undefined : JSON.parse(response.body)
}

test('the aggregated form is answered to those who prefer it', () => {
  expect(documentAt('/apis', AGGREGATED).kind).toBe('APIGroupDiscoveryList')
  expect(documentAt('/apis').kind).toBe('APIGroupList')
  expect(documentAt('/api').versions).toEqual(['v1'])
  const { headers } = discovered(profile, '/api', { accept: AGGREGATED, serverAddress: '' }) ?? {}
  expect(headers?.['content-type']).toBe('application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList')
})
test('own kinds are served as the others are', () => {
  const both = extended(profile, [own])
  expect(documentAt('/apis/example.com/v1', '', both).resources).toMatchObject([{ name: 'widgets', kind: 'Widget' }])
  expect(documentAt('/apis/example.com', '', both).preferredVersion.groupVersion).toBe('example.com/v1')
})
test('newer and steadier versions of a group come first', () => {
  const versions = ['v1alpha1', 'v2beta1', 'v1', 'v2'].map((version) => ({ ...own, version }))
  const { versions: told } = documentAt('/apis/example.com', '', extended(profile, versions))
  expect(told.map(({ version }: { version: string }) => version)).toEqual(['v2', 'v1', 'v2beta1', 'v1alpha1'])
})
test('what is no discovery document is left to others', () => {
  for (const path of ['/apis/nope', '/api/v2', '/apis/apps/v1/x', '/foo']) expect(documentAt(path)).toBeUndefined()
})

const FOLDER = join(process.env['ORRERY_REFERENCE'] ?? 'test/reference', 'api/schema/discovery')

/** `legacy-apis.apps.v1.json` is /apis/apps/v1; `legacy-group.apps.json` is /apis/apps. */
function pathOf(file: string): string {
  const name = file.replace(/\.json$/, '')
  if (name.startsWith('legacy-group.')) return `/apis/${name.slice('legacy-group.'.length)}`
  const [root = '', ...rest] = name.replace(/^(legacy|aggregated)-/, '').split('.')
  if (rest.length === 0) return `/${root}`
  return root === 'api' ? `/api/${rest.join('.')}` : `/apis/${rest.slice(0, -1).join('.')}/${rest.at(-1)}`
}

describe.skipIf(!existsSync(FOLDER))('the recorded documents', () => {
  for (const file of existsSync(FOLDER) ? readdirSync(FOLDER) : []) {
    test(`${file} is told to the letter`, () => {
      const recorded = JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))
      expect(documentAt(pathOf(file), file.startsWith('aggregated') ? AGGREGATED : '')).toEqual(recorded)
    })
  }
})
