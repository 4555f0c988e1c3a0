import { describe, expect, test } from 'vitest'
import { attempts, createCluster } from '../../../../machines/cluster/create.ts'
import { placeOf } from '../../../../machines/cluster/explaining.ts'
import type { Pod } from '../../../../machines/protocol/objects.ts'

const pod = (name: string, cpu: string, more = '') => `
apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec: { ${more} containers: [{ name: c, image: nginx, resources: { requests: { cpu: ${cpu} } } }] }
---`
const conditionOf = (object: Pod | undefined) => object?.status?.conditions?.find(({ type }) => type === 'PodScheduled')

describe('a cluster is asked where a pod goes', () => {
  const cluster = createCluster({ nodes: 2 })
  cluster.apply(pod('web', '500m') + pod('big', '50'))
  cluster.run('5s')
  const [web, big] = [cluster.pod('web').object, cluster.pod('big').object]

  test('of one that waits it tells why, in the words of its condition', () => {
    const { message, nodes } = cluster.explain('pod/big')
    expect(message).toBe(conditionOf(big)?.message)
    expect(nodes.map(({ filter }) => filter['NodeResourcesFit'])).toMatchObject([
      { reasons: ['Insufficient cpu'] },
      { reasons: ['Insufficient cpu'] },
    ])
  })
  test('of one that runs it tells as if it had to be placed again', () => {
    const { best, nodes } = cluster.explain('default/pod/web')
    expect(best).toContain(web?.spec.nodeName)
    expect(nodes[0]?.scores['TaintToleration']).toEqual({ raw: 0, normalized: 100, weight: 3, weighted: 300 })
  })
  test('every attempt can be asked about, by living the run again', () => {
    const [first, ...others] = attempts(cluster, 'pod/web')
    expect([first?.node, others]).toEqual([web?.spec.nodeName, []])
    expect(first?.explanation.best).toContain(first?.node)
    const failed = attempts(cluster, 'pod/big')
    expect(failed.map(({ node, explanation }) => [node, explanation.message])).toEqual([
      [undefined, conditionOf(big)?.message],
    ])
  })
  test('nobody else is asked about', () => {
    expect(() => cluster.explain('pod/nobody')).toThrow(
      'pod/nobody: there is no pod "nobody" in the namespace "default"',
    )
    expect(() => placeOf('node/node-1')).toThrow('only pods are scheduled; write for example pod/web-1')
  })
})

test('while no scheduler leads, a new one is asked', () => {
  const cluster = createCluster({ nodes: 1 })
  cluster.apply(pod('big', '50'))
  cluster.faults.crash('kube-scheduler/cp-1')
  expect(cluster.explain('pod/big').message).toContain('0/1 nodes are available: 1 Insufficient cpu.')
})

test('a scheduler of their own configuration places the pods that name it', () => {
  const schedulerConfiguration = `
    apiVersion: kubescheduler.config.k8s.io/v1
    kind: KubeSchedulerConfiguration
    profiles:
    - schedulerName: default-scheduler
    - schedulerName: packer
      pluginConfig:
      - name: NodeResourcesFit
        args: { scoringStrategy: { type: MostAllocated, resources: [{ name: cpu, weight: 1 }] } }
      plugins: { score: { disabled: [{ name: NodeResourcesBalancedAllocation }] } }
  `
  const cluster = createCluster({ nodes: 3, schedulerConfiguration })
  for (const name of ['a', 'b', 'c']) {
    cluster.apply(pod(name, '500m', 'schedulerName: packer,'))
    cluster.runUntil((it) => it.pod(name).ready, { within: '1m' })
  }
  expect(new Set(['a', 'b', 'c'].map((name) => cluster.pod(name).object?.spec.nodeName)).size).toBe(1)
  expect(cluster.explain('pod/c').profile).toBe('packer')
})
