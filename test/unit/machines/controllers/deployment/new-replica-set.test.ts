import { expect, test } from 'vitest'
import { newReplicaSet } from '../../../../../machines/controllers/deployment/new-replica-set.ts'
import { deployment, setOf } from './examples.ts'

test('a new replica set has the template under its hash, the next revision and what the surge leaves', () => {
  const set = newReplicaSet(deployment({ minReadySeconds: 3 }), [setOf('img:9', 4, undefined, { revision: 6 })])
  const hash = set.metadata.labels?.['pod-template-hash']
  expect(set.metadata.name).toBe(`web-${hash}`)
  expect(set).toMatchObject({
    metadata: {
      namespace: 'default',
      labels: { app: 'web' },
      annotations: {
        'deployment.kubernetes.io/revision': '7',
        'deployment.kubernetes.io/desired-replicas': '4',
        'deployment.kubernetes.io/max-replicas': '5',
      },
      ownerReferences: [{ kind: 'Deployment', uid: 'd', controller: true }],
    },
    spec: {
      replicas: 1,
      minReadySeconds: 3,
      selector: { matchLabels: { app: 'web', 'pod-template-hash': hash } },
      template: { metadata: { labels: { app: 'web', 'pod-template-hash': hash } } },
    },
  })
})

test('another collision count gives another name', () => {
  expect(newReplicaSet(deployment({}, { collisionCount: 1 }), []).metadata.name).not.toBe(
    newReplicaSet(deployment(), []).metadata.name,
  )
})
