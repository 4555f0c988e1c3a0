import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { whyCommand } from '../../../cli/why.ts'
import { folder, ran } from './command.ts'

const files = folder()
function file(name: string, text: string): string {
  const path = join(files, name)
  writeFileSync(path, text)
  return path
}
const manifest = file(
  'pods.yaml',
  `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec: { containers: [{ name: c, image: nginx }] }
---
apiVersion: v1
kind: Pod
metadata: { name: gated }
spec: { schedulingGates: [{ name: g }], containers: [{ name: c, image: nginx }] }
`,
)
const asked = (...words: string[]) => ran(whyCommand(), ...words, manifest, '--nodes', '1', '--for', '5s')

test('of a pod also what the scheduler made of it', async () => {
  const { out } = await asked('pod/web')
  expect(out).toMatch(/^ +#\d+ +\d+\.\d+s /)
  expect(out).toMatch(/the scheduler at \d+\.\d+s:\ndefault\/web went to node-1\n/)
})
test('one that nobody tried to place is asked about as it is', async () => {
  expect((await asked('pod/gated')).out).toContain('default/gated is not queued: waiting for scheduling gates: [g]')
})
test('as JSON, both; of others the chain alone', async () => {
  const { chain, attempts } = JSON.parse((await asked('pod/web', '--json')).out)
  expect([chain.length > 0, attempts.length, attempts[0].explanation.pod]).toEqual([true, 1, 'default/web'])
  expect(Array.isArray(JSON.parse((await asked('node/node-1', '--json')).out))).toBe(true)
})
test('a wrong configuration of the scheduler is told with its path', async () => {
  const config = file(
    'config.yaml',
    'kind: KubeSchedulerConfiguration\napiVersion: kubescheduler.config.k8s.io/v1\nprofile: []',
  )
  const { code, err } = await asked('pod/web', '--scheduler-config', config)
  expect([code, err]).toEqual([2, 'schedulerConfiguration: profile: unknown field "profile"\n'])
})
