import { expect, test } from 'vitest'
import { selected, servicesSelecting } from '../../../../../machines/lib/endpoints/selected.ts'
import { keyOf } from '../../../../../machines/protocol/objects.ts'
import { Tree } from '../../../../../runtime/tree.ts'
import { pod, service } from '../../controllers/objects.ts'

const names = (objects: readonly { metadata: { name: string } }[]) => objects.map(({ metadata }) => metadata.name)
const treeOf = <T extends Parameters<typeof keyOf>[0]>(objects: readonly T[]) =>
  Tree.of(objects.map((each) => [keyOf(each), each] as const))

test('objects with the labels are selected, in order of keys, and changes are followed', () => {
  const selector = { app: 'web' }
  const pods = treeOf([pod('b'), pod('a'), pod('c', { metadata: { labels: { app: 'db' } } })])
  expect(names(selected(pods, selector))).toEqual(['a', 'b'])
  expect(names(selected(pods.delete('default/a'), selector))).toEqual(['b'])
  expect(selected(undefined, selector)).toEqual([])
})

test('a pod is selected by Services all of whose labels it carries', () => {
  const services = treeOf([
    service('web'),
    service('front', { selector: { app: 'web', tier: 'front' } }),
    service('none', { selector: {} }),
    service('second'),
    service('other', { selector: { app: 'db' } }),
  ])
  expect(names(servicesSelecting(services, { app: 'web' }))).toEqual(['second', 'web'])
  expect(names(servicesSelecting(services, { app: 'web', tier: 'front' })).sort()).toEqual(['front', 'second', 'web'])
  expect(servicesSelecting(services, undefined)).toEqual([])
  expect(servicesSelecting(undefined, { app: 'web' })).toEqual([])
  expect(names(servicesSelecting(services.delete('default/web'), { app: 'web' }))).toEqual(['second'])
})
