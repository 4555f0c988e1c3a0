import { expect, test } from 'vitest'
import { tables } from '../../../cli/tables.ts'
import { Timeline } from '../../../cli/timeline.ts'
import { createCluster } from '../../../machines/cluster/create.ts'

const cluster = createCluster({ nodes: 1 })
const told: string[] = []
const timeline = new Timeline(cluster, (line) => told.push(line))
cluster.apply('apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: nginx}]}\n')
cluster.runUntil((c) => c.pod('web').ready, { within: '1m' })
cluster.faults.crash('kube-scheduler/cp-1')
cluster.faults.powerOff('node-1')
cluster.run('1m')
timeline.stop()

test('what users, components and faults did is told in the order in which it happened', () => {
  const ats = timeline.lines.map(({ at }) => at)
  expect(ats).toEqual([...ats].sort((a, b) => a - b))
  const said = timeline.lines.map(({ who, what }) => `${who}: ${what}`)
  const expected = [
    'user: kubectl apply Pod/web',
    'default-scheduler: Pod default/web: Scheduled: Successfully assigned default/web to node-1',
    'kubelet node-1: Pod default/web: Started: Started container web',
    'fault: crash kube-scheduler/cp-1',
    'fault: power off node-1',
  ]
  expect(expected.map((each) => said.indexOf(each))).not.toContain(-1)
  const places = expected.map((each) => said.indexOf(each))
  expect(places).toEqual([...places].sort((a, b) => a - b))
  expect(told).toHaveLength(timeline.lines.length)
})

test('a timeline that was stopped tells no more', () => {
  const { length } = timeline.lines
  cluster.faults.powerOn('node-1')
  cluster.run('30s')
  expect(timeline.lines).toHaveLength(length)
})

test('tables are as kubectl prints them', () => {
  const text = tables(cluster, ['pods', 'nodes', 'deployments'])
  expect(text).toMatch(/^\$ kubectl get pods -A\nNAMESPACE +NAME +READY +STATUS +RESTARTS +AGE\ndefault +web +/)
  expect(text).toMatch(/^NAME +STATUS +ROLES +AGE +VERSION$/m)
  expect(text).not.toContain('deployments')
})
