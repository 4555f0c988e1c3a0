import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { scheduleCommand } from '../../../cli/schedule.ts'
import { folder, ran } from './command.ts'

const files = folder()
function file(name: string, text: string): string {
  const path = join(files, name)
  writeFileSync(path, text)
  return path
}
const node = (name: string, cpu: string, spec = '{}') => `
- apiVersion: v1
  kind: Node
  metadata: { name: ${name} }
  spec: ${spec}
  status: { allocatable: { cpu: "${cpu}", memory: 8Gi, pods: "110" } }`
const pod = (name: string, limits: string, more = '') => `
apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec: { ${more} containers: [{ name: c, image: nginx, resources: { limits: ${limits} } }] }
---`
const cluster = file(
  'cluster.yaml',
  `apiVersion: v1
kind: List
items:${node('a', '4')}${node('b', '2')}${node('c', '9', '{ taints: [{ key: gpu, effect: NoSchedule }] }')}
- apiVersion: v1
  kind: Pod
  metadata: { name: low, namespace: default }
  spec: { nodeName: a, containers: [{ name: c, image: nginx, resources: { limits: { cpu: "2" } } }] }
- apiVersion: scheduling.k8s.io/v1
  kind: PriorityClass
  metadata: { name: urgent }
  value: 1000
- apiVersion: scheduling.k8s.io/v1
  kind: PriorityClass
  metadata: { name: usual }
  value: -1
  globalDefault: true
`,
)
const asked = (manifest: string, ...more: string[]) =>
  ran(scheduleCommand(), '--cluster', cluster, '--pod', file('pod.yaml', manifest), ...more)

test('a pod that fits goes to the best node, and every other is told why not', async () => {
  const { out, code } = await asked(pod('web', '{ cpu: 500m }'))
  expect(code).toBe(0)
  expect(out.split('\n').map((line) => line.trimEnd())).toMatchObject([
    'default/web goes to b',
    '',
    expect.stringMatching(/^ {2}NODE +TOTAL +TAINTTOLERATION .* WHY NOT$/),
    expect.stringMatching(/^\* b +\d+ +100×3 /),
    expect.stringMatching(/^ {2}a +\d+ +100×3 /),
    expect.stringMatching(/^ {2}c +TaintToleration: node\(s\) had untolerated taint \{gpu: \}$/),
    '',
    '',
  ])
})
test('one that fits nowhere is told whom it would evict', async () => {
  const { out, code } = await asked(pod('high', '{ cpu: "3" }', 'priorityClassName: urgent,'))
  expect(code).toBe(1)
  expect(out).toContain('default/high fits nowhere: 0/3 nodes are available:')
  expect(out).toContain('* on a it would evict default/low, which costs least')
})
test('one that has gates is not queued', async () => {
  expect((await asked(pod('web', '{}', 'schedulingGates: [{ name: g }],'))).out).toMatch(
    /^default\/web is not queued: waiting for scheduling gates: \[g\]/,
  )
})
test('as JSON every plugin is heard', async () => {
  const { out } = await asked(pod('web', '{ cpu: 500m }'), '--json')
  expect(JSON.parse(out)).toMatchObject([
    { pod: 'default/web', best: ['b'], nodes: [{ node: 'a' }, { node: 'b' }, { node: 'c' }] },
  ])
})
test('or as the annotations of kube-scheduler-simulator', async () => {
  const { out } = await asked(pod('web', '{ cpu: 500m }'), '--annotations')
  expect(JSON.parse(out)).toMatchObject([{ 'kube-scheduler-simulator.sigs.k8s.io/selected-node': 'b' }])
})
test('by a configuration of the user', async () => {
  const header = 'apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n'
  const most =
    'profiles: [{ pluginConfig: [{ name: NodeResourcesFit, args: { scoringStrategy: { type: MostAllocated } } }] }]\n'
  expect((await asked(pod('web', '{ cpu: 500m }'), '--config', file('most.yaml', header + most))).out).toMatch(
    /^default\/web goes to a/,
  )
  const bad = await asked(pod('web', '{}'), '--config', file('bad.yaml', `${header}parallelism: 0\n`))
  expect(bad.code).toBe(2)
  expect(bad.err).toContain('bad.yaml: parallelism: Invalid value: 0: should be an integer value greater than zero')
})
test('without a pod there is nothing to place', async () => {
  const { code, err } = await asked('apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }\n')
  expect([code, err]).toEqual([2, expect.stringContaining('has no Pod')])
})
