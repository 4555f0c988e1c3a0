import { expect, test } from 'vitest'
import { volumeBinding } from '../../../../../machines/scheduler/plugins/volume-binding.ts'
import { node } from '../cluster.ts'
import { part, rejection } from './plugins.ts'
import { claiming, named, storing } from './volumes.ts'

const late = { metadata: { name: 'late' }, provisioner: 'x', volumeBindingMode: 'WaitForFirstConsumer' }
const cacheOf = (claim: object, classes: readonly object[] = [late], name = 'data') =>
  storing([node('n')], [], {
    persistentvolumeclaims: [{ metadata: { name, namespace: 'default' }, ...claim }],
    'storageclasses.storage.k8s.io': classes,
  })
const ephemeral = { volumes: [{ name: 'e', ephemeral: {} }] }
const said = (spec: object, cache = cacheOf({})) =>
  part(volumeBinding, 'preFilter', spec, cache).replace('UnschedulableAndUnresolvable: ', '')

test.each([
  ['a pod without claims', {}, cacheOf({}), 'skip'],
  ['a pod with other volumes', { volumes: [{ name: 'x', emptyDir: {} }] }, cacheOf({}), 'skip'],
  ['a claim that is not there', claiming('gone'), cacheOf({}), 'persistentvolumeclaim "gone" not found'],
  [
    'a claim that is yet to be made',
    ephemeral,
    cacheOf({}),
    'waiting for ephemeral volume controller to create the persistentvolumeclaim "web-e"',
  ],
  [
    'a claim of that name of somebody else',
    ephemeral,
    cacheOf({}, [], 'web-e'),
    'PVC default/web-e was not created for pod default/web (pod is not owner)',
  ],
  [
    'a lost claim',
    claiming('data'),
    cacheOf({ spec: { volumeName: 'v' }, status: { phase: 'Lost' } }),
    'persistentvolumeclaim "data" bound to non-existent persistentvolume "v"',
  ],
  [
    'a claim on its way out',
    claiming('data'),
    cacheOf({ metadata: { name: 'data', namespace: 'default', deletionTimestamp: 'now' } }),
    'persistentvolumeclaim "data" is being deleted',
  ],
  ['a claim that should be bound', claiming('data'), cacheOf({}), 'pod has unbound immediate PersistentVolumeClaims'],
  ['a claim that is bound later', claiming('data'), cacheOf({ spec: { storageClassName: 'late' } }), 'on all'],
])('%s', (_, spec, cache, what) => {
  expect(said(spec, cache)).toBe(what)
})
test('what is not understood is an error', () => {
  const odd = cacheOf({ spec: { storageClassName: 's' } }, [{ metadata: { name: 's' } }])
  expect(said(claiming('data'), odd)).toBe('Error: VolumeBindingMode not set for StorageClass "s"')
  const claims = { bound: [], delayed: [named('data', { spec: {} })] as never, immediate: [] }
  const state = { claims, storage: cacheOf({}).storage }
  expect(volumeBinding.filter?.({} as never, { name: 'n', labels: {} } as never, state)).toMatchObject({
    code: 'Error',
    reasons: ['no class for claim "default/data"'],
  })
})
test('a node where nothing can be bound is rejected', () => {
  const wanting = { spec: { storageClassName: 'late' } }
  expect(rejection(volumeBinding, claiming('data'), cacheOf(wanting), 'n')).toBe('')
  const nothing = [{ ...late, provisioner: 'kubernetes.io/no-provisioner' }]
  expect(rejection(volumeBinding, claiming('data'), cacheOf(wanting, nothing), 'n')).toBe(
    "node(s) didn't find available persistent volumes to bind",
  )
})
