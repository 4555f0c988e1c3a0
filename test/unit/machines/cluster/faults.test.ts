import { expect, test } from 'vitest'
import { createCluster } from '../../../../machines/cluster/create.ts'

const base = createCluster({ nodes: 1, controlPlanes: 1 })
const operations = (cluster: typeof base) => cluster.recording.operations.map(({ operation }) => operation)

test('a process that crashes is started again by its host', () => {
  const cluster = base.fork()
  cluster.faults.crash('kube-scheduler/cp-1')
  expect(cluster.state('kube-scheduler/cp-1')).toBeUndefined()
  cluster.run('30s')
  expect(cluster.state('kube-scheduler/cp-1')).toBe('leading')
})

test('a process that is stopped stays away until it is started', () => {
  const cluster = base.fork()
  cluster.faults.stop('kubelet/node-1')
  cluster.run('1m')
  expect(cluster.state('kubelet/node-1')).toBeUndefined()
  expect(cluster.node('node-1').ready).toBe(false)
  cluster.faults.start('kubelet/node-1')
  cluster.runUntil((c) => c.node('node-1').ready, { within: '1m' })
})

test('a machine without power runs nothing, and boots when it has it again', () => {
  const cluster = base.fork()
  cluster.faults.powerOff('node-1')
  expect(cluster.world.isUp('node-1')).toBe(false)
  cluster.runUntil((c) => !c.node('node-1').ready, { within: '2m' })
  cluster.faults.powerOn('node-1')
  cluster.runUntil((c) => c.node('node-1').ready, { within: '1m' })
})

test('a frozen process does nothing until it is resumed', () => {
  const cluster = base.fork()
  cluster.faults.pause('kube-apiserver/cp-1')
  cluster.run('20s')
  const { revision } = cluster
  cluster.faults.resume('kube-apiserver/cp-1')
  cluster.run('20s')
  expect(cluster.revision).toBeGreaterThan(revision)
})

test('a host that is cut from all others is cut from each', () => {
  const cluster = base.fork()
  cluster.faults.cut('node-1', '*', { oneWay: true })
  cluster.faults.heal('node-1', '*')
  cluster.faults.cut('node-1', 'lb')
  expect(operations(cluster)).toEqual([
    ...['cp-1', 'lb', 'workstation'].map((to) => ({ op: 'cut', from: 'node-1', to, oneWay: true })),
    ...['cp-1', 'lb', 'workstation'].map((to) => ({ op: 'heal', from: 'node-1', to })),
    { op: 'cut', from: 'node-1', to: 'lb', oneWay: false },
  ])
  cluster.runUntil((c) => !c.node('node-1').ready, { within: '2m' })
})

test('the others are asked of the world with their times in ms', () => {
  const cluster = base.fork()
  cluster.faults.delay('node-1', 'lb', '1s')
  cluster.faults.skew('node-1', '2m')
  cluster.faults.slowDisk('cp-1', '20ms')
  cluster.faults.mendDisk('cp-1')
  cluster.faults.loseDisk('etcd/cp-1')
  cluster.faults.reset('node-1', 'lb')
  expect(operations(cluster)).toEqual([
    { op: 'delay', from: 'node-1', to: 'lb', ms: 1_000 },
    { op: 'skew', host: 'node-1', ms: 120_000 },
    { op: 'slowDisk', host: 'cp-1', ms: 20 },
    { op: 'slowDisk', host: 'cp-1', ms: 1 },
    { op: 'loseDisk', process: 'etcd/cp-1' },
    { op: 'reset', from: 'node-1', to: 'lb' },
  ])
})

test('what is not there cannot break', () => {
  expect(() => base.fork().faults.crash('kubelet/node-9')).toThrow(/node-9/)
  expect(() => base.fork().faults.powerOff('node-9')).toThrow(/node-9/)
})
