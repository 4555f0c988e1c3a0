import { expect, test } from 'vitest'
import type { Cluster } from '../../../../machines/cluster/cluster.ts'
import { createCluster } from '../../../../machines/cluster/create.ts'
import { unsettled } from '../../../../machines/cluster/settled.ts'

const base = createCluster({ nodes: 2 })
const labels = { app: 'web' }
const web = [
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: labels, ports: [{ port: 80 }] },
  },
]
const serving = (): Cluster => {
  const cluster = base.fork()
  cluster.apply(web)
  return cluster
}
const settles = (cluster: Cluster): void => cluster.runUntil(() => unsettled(cluster).length === 0, { within: '10m' })

test('a cluster at rest is settled', () => expect(unsettled(base.fork())).toEqual([]))

test('a rollout is not, before its pods are ready and led to', () => {
  const cluster = serving()
  cluster.run('500ms')
  expect(unsettled(cluster).join('\n')).toMatch(/Deployment default\/web is not rolled out/)
  expect(unsettled(cluster).join('\n')).toMatch(/ReplicaSet default\/web-\w+ has 0 of 2 pods/)
  expect(unsettled(cluster).join('\n')).toMatch(/Pod default\/web-\S+ is not ready/)
  settles(cluster)
})

test('a service that leads to where nobody is is not', () => {
  const cluster = serving()
  settles(cluster)
  cluster.faults.stop('kube-controller-manager/cp-1')
  cluster.kubectl.delete(`pod/${cluster.get('pods')[0]?.metadata.name}`)
  expect(unsettled(cluster).join('\n')).toMatch(/Service default\/web leads to 10\.\S+,10\.\S+, not to 10\.\S+$/m)
  cluster.faults.start('kube-controller-manager/cp-1')
  settles(cluster)
})

test('what is being deleted is not, and neither is a node that is lost or a member that is behind', () => {
  const cluster = serving()
  settles(cluster)
  cluster.faults.powerOff('node-2')
  cluster.run('8m')
  const said = unsettled(cluster).join('\n')
  expect(said).toMatch(/Node node-2 is not ready/)
  expect(said).toMatch(/Pod default\/web-\S+ is being deleted and still there/)
  cluster.faults.powerOn('node-2')
  settles(cluster)
  cluster.faults.pause('etcd/cp-1')
  expect(unsettled(cluster)).toEqual([])
  cluster.faults.crash('etcd/cp-1')
  expect(unsettled(cluster).join('\n')).toMatch(/etcd\/cp-1 has applied revision none of/)
})
