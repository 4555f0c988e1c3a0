/** What a whole cluster makes of machines that fall silent. */
import { describe, expect, test } from 'vitest'
import { web } from '../../../../docs/examples/scenarios/web.ts'
import type { Cluster } from '../../../../machines/cluster/cluster.ts'
import { createCluster } from '../../../../machines/cluster/create.ts'
import { CONNECT_MS } from '../../../../runtime/world/silence.ts'

const NODES = ['node-1', 'node-2', 'node-3']
/** What was open to a host so long ago that nobody should wait any more. */
function waitedFor(cluster: Cluster, host: string, since: number): readonly string[] {
  const all = [...cluster.world.inside.actors].flatMap(([opener, { lines }]) =>
    lines.all.map((line) => ({ opener, ...line })),
  )
  return all
    .filter(({ to, number }) => to.split('/')[1] === host && number < since)
    .map(({ opener, to, kind }) => `${kind} of ${opener} to ${to}`)
}

describe('a control plane that falls silent', () => {
  const running = createCluster({ nodes: 3, controlPlanes: 3, seed: 3 })
  running.run('40s')

  test.each([
    ['loses its power', (cluster: Cluster) => cluster.faults.powerOff('cp-2')],
    ['has its API server frozen', (cluster: Cluster) => cluster.faults.pause('kube-apiserver/cp-2')],
  ])('%s: who talked to it is led elsewhere, and nobody waits for it', (_, fall) => {
    const cluster = running.fork()
    fall(cluster)
    cluster.run('60s')
    const since = cluster.world.inside.seq
    cluster.run(`${CONNECT_MS + 1_000}ms`)
    const { backends, watches } = cluster.world.snapshot('load-balancer/lb')?.context as {
      readonly backends: { readonly of: { values(): readonly string[] } }
      readonly watches: { values(): readonly { readonly backend: string }[] }
    }
    expect(backends.of.values()).not.toContain('kube-apiserver/cp-2')
    expect(watches.values().map(({ backend }) => backend)).not.toContain('kube-apiserver/cp-2')
    expect(waitedFor(cluster, 'cp-2', since).filter((line) => line.includes('kube-apiserver/cp-2'))).toEqual([])
    cluster.run('60s')
    expect(NODES.map((node) => cluster.node(node).ready)).toEqual([true, true, true])
  })
})

test('a pod that becomes ready while its kubelet reaches nobody is ready in the end, though its node was given up', () => {
  const cluster = createCluster({ nodes: 1, seed: 1 })
  cluster.apply(web({ replicas: 2, image: 'nginx:1.27' }))
  cluster.run('3s')
  cluster.faults.cut('cp-1', 'lb')
  cluster.run('52s')
  expect(cluster.node('node-1').ready).toBe(false)
  cluster.faults.heal('cp-1', 'lb')
  cluster.runUntil((c) => c.deployment('web').available, { within: '1m' })
})
