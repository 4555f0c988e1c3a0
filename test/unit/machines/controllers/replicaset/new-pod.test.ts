import { expect, test } from 'vitest'
import { replicaSetKind, replicationControllerKind } from '../../../../../machines/controllers/replicaset/kind.ts'
import { newPod } from '../../../../../machines/controllers/replicaset/new-pod.ts'
import { replicaSet } from './examples.ts'

test('a new pod has the template and its owner, and a name that the server draws', () => {
  const template = { metadata: { labels: { app: 'web' }, annotations: { note: 'a' } }, spec: { containers: [] } }
  expect(newPod(replicaSetKind, replicaSet({ template }))).toEqual({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: 'web-',
      labels: { app: 'web' },
      annotations: { note: 'a' },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: 'web',
          uid: 'set',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: { containers: [] },
  })
})

test('a ReplicationController selects by its plain map, or by its template', () => {
  const plain = { ...replicaSet(), spec: { selector: { app: 'web' } } } as unknown as ReturnType<typeof replicaSet>
  expect(replicationControllerKind.selectorOf(plain)).toEqual({ matchLabels: { app: 'web' } })
  const bare = { ...replicaSet(), spec: { template: { metadata: { labels: { a: 'b' } } } } } as unknown as typeof plain
  expect(replicationControllerKind.selectorOf(bare)).toEqual({ matchLabels: { a: 'b' } })
})
