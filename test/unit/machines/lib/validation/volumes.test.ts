import { expect, test } from 'vitest'
import { checkDescendingPath, checkMounts, checkVolumes } from '../../../../../machines/lib/validation/volumes.ts'
import { told } from './told.ts'

const of = (...volumes: object[]) => told((found) => checkVolumes(found, 'v', volumes as never))
test.each([
  [{ name: 'a', emptyDir: {} }, []],
  [{ name: 'a' }, ['v[0]: Required value: must specify a volume type']],
  [{ emptyDir: {} }, ['v[0].name: Required value']],
  [
    { name: 'a', emptyDir: {}, hostPath: { path: '/x' } },
    ['v[0].hostPath: Forbidden: may not specify more than 1 volume type'],
  ],
  [
    { name: 'a', emptyDir: { sizeLimit: '-1' } },
    ['v[0].emptyDir.sizeLimit: Forbidden: SizeLimit field must be a valid resource quantity'],
  ],
  [{ name: 'a', hostPath: { path: '' } }, ['v[0].hostPath.path: Required value']],
  [{ name: 'a', hostPath: { path: '/a/../b', type: 'X' } }, 2],
  [{ name: 'a', secret: {} }, ['v[0].secret.secretName: Required value']],
  [{ name: 'a', configMap: { name: '', defaultMode: 1000, items: [{ key: '', path: '/x', mode: -1 }] } }, 5],
  [{ name: 'a', nfs: { server: '', path: 'x' } }, 2],
  [{ name: 'a', persistentVolumeClaim: { claimName: '' } }, 1],
  [
    {
      name: 'a',
      downwardAPI: {
        items: [{ path: '..x' }, { path: 'a', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } }],
      },
    },
    2,
  ],
  [
    { name: 'a', projected: { sources: [{ serviceAccountToken: { path: 'a', expirationSeconds: 10 } }] } },
    [
      'v[0].projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 10: may not specify a duration less than 10 minutes',
    ],
  ],
  [
    {
      name: 'a',
      projected: {
        sources: [
          {
            configMap: {
              name: 'b',
              items: [
                { key: 'k', path: 'p' },
                { key: 'l', path: 'p' },
              ],
            },
          },
        ],
      },
    },
    ['v[0].projected: Invalid value: "b": conflicting duplicate paths'],
  ],
  [{ name: 'a', projected: { sources: [{ secret: { name: '' }, configMap: { name: 'c' } }] } }, 2],
  [{ name: 'a', csi: { driver: '' } }, 1],
  [{ name: 'a', ephemeral: {} }, ['v[0].ephemeral.volumeClaimTemplate: Required value']],
  [{ name: 'a', glusterfs: {} }, []],
])('%j', (volume, expected) => {
  const found = of(volume)
  expect(typeof expected === 'number' ? found.length : found).toEqual(expected)
})
test('names are told apart', () => {
  expect(of({ name: 'a', emptyDir: {} }, { name: 'a', emptyDir: {} })).toEqual(['v[1].name: Duplicate value: "a"'])
})
test('mounts are of volumes that are there', () => {
  const mounts = (volumeMounts: object[], rest = {}) =>
    told((found) => checkMounts(found, 'm', { volumeMounts, ...rest } as never, new Set(['a'])))
  expect(mounts([{ name: 'a', mountPath: '/x' }])).toEqual([])
  expect(mounts([{ name: 'b', mountPath: '/x' }])).toEqual(['m[0].name: Not found: "b"'])
  expect(mounts([{ name: '', mountPath: '' }])).toHaveLength(3)
  expect(
    mounts([
      { name: 'a', mountPath: '/x' },
      { name: 'a', mountPath: '/x' },
    ]),
  ).toEqual(['m[1].mountPath: Invalid value: "/x": must be unique'])
  expect(mounts([{ name: 'a', mountPath: '/x', subPath: '/y', subPathExpr: 'z' }])).toHaveLength(2)
  expect(mounts([{ name: 'a', mountPath: '/x', mountPropagation: 'Bidirectional' }])).toHaveLength(1)
  expect(
    mounts([{ name: 'a', mountPath: '/x', mountPropagation: 'Bidirectional' }], {
      securityContext: { privileged: true },
    }),
  ).toEqual([])
  expect(mounts([{ name: 'a', mountPath: '/x', mountPropagation: 'X' }])).toHaveLength(1)
})
test('a path inside stays inside', () => {
  expect(told((found) => checkDescendingPath(found, 'p', 'a/b'))).toEqual([])
  expect(told((found) => checkDescendingPath(found, 'p', '/a/..'))).toHaveLength(2)
})
