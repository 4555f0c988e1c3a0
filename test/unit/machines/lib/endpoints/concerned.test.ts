import { expect, test } from 'vitest'
import { concernedServices } from '../../../../../machines/lib/endpoints/concerned.ts'
import { keyOf } from '../../../../../machines/protocol/objects.ts'
import { Tree } from '../../../../../runtime/tree.ts'
import { pod, service } from '../../controllers/objects.ts'

const all = [service('web'), service('db', { selector: { app: 'db' } }), service('both', { selector: { on: 'yes' } })]
const services = Tree.of(all.map((each) => [keyOf(each), each] as const))
const labelled = (labels: Record<string, string>, ready = true) => pod('a', { metadata: { labels }, ready })

test('a pod that comes or goes concerns the Services that select it', () => {
  expect(concernedServices(services, { was: undefined, now: pod('a') })).toEqual(['default/web'])
  expect(concernedServices(services, { was: pod('a'), now: undefined })).toEqual(['default/web'])
  expect(concernedServices(services, { was: undefined, now: undefined })).toEqual([])
})

test('a change of the pod alone concerns those that select it; a change of nothing that counts nobody', () => {
  expect(concernedServices(services, { was: pod('a'), now: pod('a', { ready: false }) })).toEqual(['default/web'])
  expect(concernedServices(services, { was: pod('a'), now: pod('a') })).toEqual([])
})

test('a change of labels concerns those that it entered or left, and all of both when the pod changed too', () => {
  const was = labelled({ app: 'web', on: 'yes' })
  const moved = { was, now: labelled({ app: 'db', on: 'yes' }) }
  expect(concernedServices(services, moved)).toEqual(['default/web', 'default/db'])
  const also = { was, now: labelled({ app: 'db', on: 'yes' }, false) }
  expect([...concernedServices(services, also)].sort()).toEqual(['default/both', 'default/db', 'default/web'])
})
