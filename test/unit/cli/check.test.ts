import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkCommand, checked } from '../../../cli/check.ts'
import { replayCommand } from '../../../cli/replay.ts'
import { scenario } from '../../../machines/cluster/scenario.ts'
import { folder, ran, WEB } from './command.ts'

const at = folder()
const OWN = 'docs/examples/own-controller/scenario.ts'
const loadedFrom = (each: ReturnType<typeof scenario>) => ({ ...each, file: 'story.ts' })

test('the planted race is found, made simple, and replays from its token', async () => {
  const { out, code } = await ran(checkCommand() as never, OWN, '--json')
  expect(code).toBe(1)
  const [planted, mended] = JSON.parse(out) as ReturnType<typeof checked>[]
  expect(mended).toMatchObject({ held: 20, neverSeen: [] })
  expect(planted?.failure?.broken).toEqual([expect.stringMatching(/^always: no lighthouse has two keepers/)])
  expect(planted?.failure?.faults.map(({ words }) => words)).toEqual(['crash kube-apiserver/cp-1'])
  const again = await ran(replayCommand(), planted?.failure?.token ?? '')
  expect(again.out).toMatch(/fault +crash kube-apiserver\/cp-1/)
  const keepers = again.out.match(/^default +(\w+)-keeper-\w+/gm)?.map((each) => each.replace(/-\w+$/, ''))
  expect(keepers).toEqual([expect.stringMatching(/dune-keeper$/), keepers?.[0]])
}, 600_000)

test('for people it is a few lines, the last of which is to be pasted', async () => {
  const { out } = await ran(checkCommand() as never, OWN, '--seed', '4', '--seeds', '1')
  const [broke, sentence, needed, fault, token] = out.split('\n')
  expect(broke).toMatch(/^broke {2}a coast gets its lighthouses: seed 4, after 0 seeds that held$/)
  expect(sentence).toMatch(/^ {2}always: /)
  expect(needed).toMatch(/^ {2}1 of \d+ faults are needed, and 2 of the story's 26 doings:$/)
  expect(fault).toMatch(/^ +17\.681s {2}crash kube-apiserver\/cp-1$/)
  expect(token).toMatch(/^ {2}orrery replay orrery1\./)
})

test('what was never seen is told, and is not fine', async () => {
  const story = scenario('nothing happens', { nodes: 0 }, ({ sometimes, run }) => {
    sometimes('there is a pod', (cluster) => cluster.get('pods').length > 0)
    run('1s')
  })
  const outcome = checked(loadedFrom(story), { seeds: 2, faults: ['none'] })
  expect(outcome).toEqual({
    ...{ scenario: 'nothing happens', held: 2, failure: undefined },
    ...{ seen: { 'there is a pod': false }, neverSeen: ['there is a pod'] },
  })
})

test('a story that breaks without any fault needs none', () => {
  const story = scenario('a promise', { nodes: 0 }, ({ always, run }) => {
    always('time stands still', (cluster) => cluster.now < 20_000)
    run('1m')
  })
  const { failure } = checked(loadedFrom(story), { seeds: 1, every: 2_000 })
  expect(failure?.struck).toBeGreaterThan(0)
  expect(failure?.faults).toEqual([])
})

test('manifests are not checked, and unknown faults are none', async () => {
  const web = join(at, 'web.yaml')
  writeFileSync(web, WEB)
  expect(await ran(checkCommand() as never, web)).toMatchObject({
    code: 2,
    err: expect.stringContaining('plays scenarios'),
  })
})

test('an error of the story is told with its place', async () => {
  const file = join(at, 'wrong.mjs')
  writeFileSync(
    file,
    "export default {\n  name: 'wrong', options: { nodes: 0 },\n  story: () => {\n    nobody.knows()\n  },\n}\n",
  )
  expect(await ran(checkCommand() as never, file)).toMatchObject({
    code: 2,
    err: expect.stringMatching(/wrong\.mjs:4:5: nobody is not defined/),
  })
})
