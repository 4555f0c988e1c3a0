/** A whole cluster, stepped by XState and compiled: the same log, to the byte. */
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { createCluster } from '../../machines/cluster/create.ts'
import { logLine } from '../../runtime/inspect/log.ts'

const WEB = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 3
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: nginx:1.27 }] }
`

/** From power-on over a rollout with a lost node; the hash of every line, and the first lines for people. */
function lived(interpreted: boolean): { readonly hash: string; readonly lines: number; readonly last: string } {
  const cluster = createCluster({ nodes: 2, controlPlanes: 3, interpreted, ready: false, seed: 7 })
  const hash = createHash('sha256')
  let [lines, last] = [0, '']
  cluster.world.observe((record) => {
    last = logLine(record)
    hash.update(last)
    lines++
  })
  cluster.run('20s')
  cluster.apply(WEB)
  cluster.runUntil((c) => c.deployment('web').available, { within: '2m' })
  cluster.kubectl.setImage('deployment/web', { web: 'nginx:1.28' })
  cluster.faults.powerOff('node-2')
  cluster.faults.crash('etcd/cp-1')
  cluster.run('90s')
  return { hash: hash.digest('hex'), lines, last }
}

test('a cluster stepped by XState and compiled gives the same log to the byte', () => {
  const compiled = lived(false)
  expect(compiled.lines).toBeGreaterThan(10_000)
  expect(lived(true)).toEqual(compiled)
})
