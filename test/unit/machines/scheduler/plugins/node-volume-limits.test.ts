import { expect, test } from 'vitest'
import { nodeVolumeLimits } from '../../../../../machines/scheduler/plugins/node-volume-limits.ts'
import { node, pod } from '../cluster.ts'
import { part, rejection } from './plugins.ts'
import { claiming, named, storing } from './volumes.ts'

const using = (name: string, ...claims: string[]) =>
  pod(name, { spec: { nodeName: 'n', ...claiming(...claims) } } as object)
const csi = (name: string, driver = 'csi.x') => ({
  metadata: { name },
  spec: { csi: { driver, volumeHandle: `h-${name}` } },
})
function cacheOf(count: number | undefined, pods: readonly ReturnType<typeof using>[], more: object = {}) {
  return storing([node('n')], pods, {
    persistentvolumeclaims: ['a', 'b', 'c'].map((name) => named(name, { spec: { volumeName: name } })),
    persistentvolumes: [...['a', 'b'].map((name) => csi(name)), { metadata: { name: 'c' }, spec: {} }],
    'csinodes.storage.k8s.io':
      count === undefined
        ? []
        : [
            {
              metadata: { name: 'n' },
              spec: { drivers: [{ name: 'csi.x', allocatable: { count } }, { name: 'free' }] },
            },
          ],
    ...more,
  })
}
const OVER = 'node(s) exceed max volume count'
const asked = (cache: ReturnType<typeof cacheOf>, ...claims: string[]) =>
  rejection(nodeVolumeLimits, claiming(...claims), cache, 'n')

test('so many volumes of a driver and no more; the same volume is attached once', () => {
  expect([asked(cacheOf(1, []), 'a'), asked(cacheOf(1, []), 'a', 'b')]).toEqual(['', OVER])
  expect([asked(cacheOf(1, [using('p', 'a')]), 'a'), asked(cacheOf(1, [using('p', 'a')]), 'b')]).toEqual(['', OVER])
})
test('without a limit, or a driver, nothing is counted', () => {
  expect([asked(cacheOf(undefined, []), 'a'), asked(cacheOf(0, []), 'c')]).toEqual(['', ''])
})
test('what is attached counts, used or not', () => {
  const attachment = (name: string, more: object = {}) => ({
    metadata: { name },
    spec: { attacher: 'csi.x', nodeName: 'n', source: { persistentVolumeName: name }, ...more },
  })
  const attached = (...all: object[]) => cacheOf(1, [], { 'volumeattachments.storage.k8s.io': all })
  expect(asked(attached(attachment('b')), 'a')).toBe(OVER)
  expect(
    asked(attached(attachment('b', { nodeName: 'other' }), attachment('c'), attachment('x', { attacher: '' })), 'a'),
  ).toBe('')
})
test('a claim that is yet to be bound counts for the provisioner of its class', () => {
  const wanting = { spec: { storageClassName: 's' } }
  const more = {
    persistentvolumeclaims: [
      named('a', wanting),
      named('b', wanting),
      named('c', { spec: { storageClassName: 'none' } }),
    ],
    'storageclasses.storage.k8s.io': [{ metadata: { name: 's' }, provisioner: 'csi.x' }],
  }
  expect([asked(cacheOf(1, [], more), 'a', 'b'), asked(cacheOf(1, [], more), 'a', 'c')]).toEqual([OVER, ''])
})
test('claims that are gone: of a pod that runs they are nothing, of a new one a reason', () => {
  expect(asked(cacheOf(1, [using('p', 'gone')]), 'a')).toBe('')
  expect(asked(cacheOf(1, []), 'gone')).toBe('looking up PVC default/gone: persistentvolumeclaim "gone" not found')
})
test('nothing is asked of pods without claims', () => {
  expect([
    part(nodeVolumeLimits, 'preFilter', {}, cacheOf(1, [])),
    part(nodeVolumeLimits, 'preFilter', claiming('a'), cacheOf(1, [])),
  ]).toEqual(['skip', 'on all'])
})
test('a claim made for another pod is an error', () => {
  const volumes = [{ name: 'x', ephemeral: {} }]
  const more = { persistentvolumeclaims: [named('a', { spec: { volumeName: 'a' } }), named('web-x')] }
  expect(rejection(nodeVolumeLimits, { volumes }, cacheOf(1, [], more), 'n')).toBe(
    'PVC default/web-x was not created for pod default/web (pod is not owner)',
  )
  const other = pod('web', { metadata: { uid: 'another' }, spec: { nodeName: 'n', volumes } } as object)
  expect(asked(cacheOf(1, [other], more), 'a')).toBe(
    'PVC default/web-x was not created for pod default/web (pod is not owner)',
  )
})
