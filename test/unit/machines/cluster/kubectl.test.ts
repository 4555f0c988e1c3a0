import { expect, test } from 'vitest'
import { createCluster } from '../../../../machines/cluster/create.ts'
import { KubectlFailed } from '../../../../machines/cluster/kubectl.ts'

const base = createCluster({ nodes: 2 })
base.apply({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web:1' }] } },
  },
} as never)
base.kubectl.rolloutStatus('deploy/web', { timeout: '2m' })

test('a Deployment is scaled, changed, undone, restarted and deleted', () => {
  const { kubectl, deployment } = Object.assign(base.fork(), {})
  expect(kubectl.scale('deployment/web', 3).lines).toEqual(['deployment.apps/web scaled'])
  expect(kubectl.rolloutStatus('deploy/web').lines.at(-1)).toBe('deployment "web" successfully rolled out')
  expect(kubectl.setImage('deployments.apps/web', { web: 'web:2' }).lines).toEqual([
    'deployment.apps/web image updated',
  ])
  expect(kubectl.rolloutStatus('deploy/web').code).toBe(0)
  expect(kubectl.rolloutUndo('deploy/web').lines).toEqual(['deployment.apps/web rolled back'])
  expect(kubectl.rolloutRestart('deploy/web').lines).toEqual(['deployment.apps/web restarted'])
  expect(kubectl.delete('deploy/web').lines).toEqual(['deployment.apps "web" deleted'])
  expect(deployment).toBeTypeOf('function')
})

test('what is created is not looked at before: what is there already is refused', () => {
  const { kubectl } = base.fork()
  const config = {
    resource: 'configmaps',
    object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'default' } },
  }
  expect(kubectl.create([config]).lines).toEqual(['configmap/a created'])
  expect(() => kubectl.create([config])).toThrow(/AlreadyExists/)
})

test('a node is cordoned, drained and taken back', () => {
  const cluster = base.fork()
  expect(cluster.kubectl.cordon('node-1').lines).toEqual(['node/node-1 cordoned'])
  expect(cluster.kubectl.drain('node-1', { timeout: '5m' }).lines.at(-1)).toBe('node/node-1 drained')
  expect(cluster.node('node-1').object?.spec?.unschedulable).toBe(true)
  expect(cluster.kubectl.uncordon('node-1').lines).toEqual(['node/node-1 uncordoned'])
})

test('a command that fails throws with what it printed; attempted, it tells its code', () => {
  const { kubectl } = base.fork()
  expect(() => kubectl.scale('deploy/api', 3)).toThrow(KubectlFailed)
  expect(() => kubectl.scale('deploy/api', 3)).toThrow(/ended with 1: .*"api" not found/)
  const command = { command: 'delete', resource: 'pods', namespace: 'default', name: 'none', wait: true } as const
  expect(kubectl.attempt(command)).toEqual({
    code: 1,
    lines: ['Error from server (NotFound): pods "none" not found'],
  })
})

test('what names no object is said before anything is asked', () => {
  const cluster = base.fork()
  for (const name of ['web', 'lamp/web', 'deployment/'])
    expect(() => cluster.kubectl.scale(name, 1)).toThrow(`"${name}" names no object; write for example deployment/web`)
  expect(cluster.recording.operations).toHaveLength(base.recording.operations.length)
})

test('a command goes on while the story does', () => {
  const cluster = base.fork()
  cluster.kubectl.setImage('deploy/web', { web: 'web:2' })
  const number = cluster.kubectl.start({
    command: 'rollout status',
    resource: 'deployments.apps',
    namespace: 'default',
    name: 'web',
  })
  expect(cluster.kubectl.ended(number)).toBeUndefined()
  cluster.run('2m')
  expect(cluster.kubectl.ended(number)?.code).toBe(0)
})

test('a fork goes on counting, so that no command has the name of another', () => {
  const cluster = base.fork()
  expect(cluster.kubectl.commands).toBe(base.kubectl.commands)
  cluster.kubectl.cordon('node-1')
  expect(cluster.kubectl.commands).toBe(base.kubectl.commands + 1)
  expect(cluster.fork().kubectl.cordon('node-2').code).toBe(0)
})
