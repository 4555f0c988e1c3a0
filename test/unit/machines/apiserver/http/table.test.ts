import { expect, test } from 'vitest'
import { tableOf } from '../../../../../machines/apiserver/http/table.ts'
import type { Form } from '../../../../../machines/apiserver/http/words.ts'
import { extended, type ResourceFacts, resourceOf } from '../../../../../machines/lib/schema.ts'
import profile from '../../../../../machines/profiles/v1.32/index.ts'

const form: Form = {
  media: 'application/json',
  as: 'table',
  metaVersion: 'v1',
  includeObject: 'Metadata',
  pretty: false,
}
const object = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' } }
const printerColumns = [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }]
const own = { plural: 'widgets', group: 'example.com', version: 'v1', kind: 'Widget', namespaced: true, printerColumns }
const widgets = resourceOf(extended(profile, [own]), 'widgets.example.com') as ResourceFacts

test('own kinds have the columns of their definition', () => {
  expect(tableOf(widgets, form, [{ ...object, spec: { size: 3 } } as typeof object], {}, 0)).toMatchObject({
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    columnDefinitions: [{ name: 'Name' }, { name: 'Size', type: 'integer', priority: 0 }],
    rows: [{ cells: ['w', 3] }],
  })
})
test('a row carries what was asked for', () => {
  const rows = (includeObject: Form['includeObject']) =>
    (tableOf(widgets, { ...form, includeObject }, [object], {}, 0) as { rows: { object: unknown }[] }).rows[0]?.object
  expect([rows('Metadata'), rows('Object'), rows('None')]).toEqual([
    { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: { name: 'w' } },
    object,
    null,
  ])
})
