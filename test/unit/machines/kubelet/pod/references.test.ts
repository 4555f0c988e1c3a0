import { expect, test } from 'vitest'
import {
  dataOf,
  filesOf,
  keysOfEnvironment,
  keysOfPullSecrets,
  keysOfVolumes,
} from '../../../../../machines/kubelet/pod/references.ts'
import type { ApiObject } from '../../../../../machines/protocol/objects.ts'
import { pod } from '../fixtures.ts'

const MAP = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, data: { k: 'v', l: 'w' } } as ApiObject
const SECRET = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { k: 'w6TigqwxMg==' } } as ApiObject

test('what a pod names, once each', () => {
  const ref = { configMapKeyRef: { name: 'm', key: 'k' } }
  expect(
    keysOfEnvironment({
      name: 'c',
      env: [
        { name: 'A', valueFrom: ref },
        { name: 'B', valueFrom: ref },
      ],
      envFrom: [{ secretRef: { name: 's' } }],
    }),
  ).toEqual(['secrets/s', 'configmaps/m'])
  expect(
    keysOfVolumes(
      pod({
        volumes: [
          { name: 'kube-api-access-x', projected: { sources: [{ configMap: { name: 'kube-root-ca.crt' } }] } },
          { name: 'p', projected: { sources: [{ secret: { name: 's' } }, { configMap: { name: 'm' } }] } },
          { name: 'v', secret: { secretName: 's' } },
        ],
      }),
    ),
  ).toEqual(['secrets/s', 'configmaps/m'])
  expect(keysOfPullSecrets(pod({ imagePullSecrets: [{ name: 'p' }] }))).toEqual(['secrets/p'])
})
test('a secret is decoded', () => {
  expect(dataOf(SECRET)).toEqual({ k: 'ä€12' })
  expect(dataOf({ ...SECRET, data: { k: '/w==' } } as ApiObject)).toEqual({ k: '' })
})
test('the files of a volume, or what is missing', () => {
  const objects = { 'configmaps/m': MAP, 'secrets/s': SECRET }
  expect(filesOf({ name: 'v', configMap: { name: 'm' } }, objects)).toEqual({ files: { k: 'v', l: 'w' } })
  expect(filesOf({ name: 'v', configMap: { name: 'm', items: [{ key: 'k', path: 'p' }] } }, objects)).toEqual({
    files: { p: 'v' },
  })
  expect(filesOf({ name: 'v', configMap: { name: 'm', items: [{ key: 'z', path: 'p' }] } }, objects)).toEqual({
    error: 'configmap references non-existent config key: z',
  })
  expect(filesOf({ name: 'v', secret: { secretName: 's', items: [{ key: 'z', path: 'p' }] } }, objects)).toEqual({
    error: 'references non-existent secret key: z',
  })
  expect(filesOf({ name: 'v', secret: { secretName: 'x' } }, {})).toEqual({ error: 'secret "x" not found' })
  expect(filesOf({ name: 'v', secret: { secretName: 'x', optional: true } }, {})).toEqual({ files: {} })
})
