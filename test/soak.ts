/**
 * `npm run soak`: what `npm test` checks a few times, at full numbers. The story of determinism is told a thousand times
 * (`-- --runs n`), then on Node 20, 22 and 24, and once in a fresh clone as a newcomer would. Every log must have the
 * same hash. Then etcd under ten thousand random schedules of faults (`--schedules n`; `--schedules-from n` goes on with
 * what was stopped) and beside a real one, where it is installed, on which kubectl's stories are told, too. Then every story in bad weather under 200 seeds
 * (`--seeds n`, `--from n`, `--story name`): a seed that breaks it is made simple, and a token is printed to see it again.
 * Then every controller is examined with each disturbance at every step (`--controller name`). Last, every way in which
 * three members of etcd can go within some bounds (`--states n`: no more than so many in one; 20 million take 2 GB, the largest has 153 million).
 * `--only story,nodes,clone,schedules,differential,weather,examination,every-way` picks parts. Ends with `N passed, N failed`.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { told } from './determinism/digest.ts'
import { otherNode } from './kit/other-node.ts'
import { etcdVersion } from './kit/real-etcd.ts'
import { SEEDS } from './scenarios/weather.ts'
import { beside } from './soak/differential.ts'
import { everyWay } from './soak/every-way.ts'
import { examineAll } from './soak/examination.ts'
import { schedules } from './soak/schedules.ts'
import { playAll } from './soak/stories.ts'

const NODES = ['20', '22', '24']
const root = fileURLToPath(new URL('..', import.meta.url))
const PARTS = ['story', 'nodes', 'clone', 'schedules', 'differential', 'weather', 'examination', 'every-way']
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    schedules: { type: 'string', default: '10000' },
    'schedules-from': { type: 'string', default: '1' },
    only: { type: 'string', default: PARTS.join() },
    seeds: { type: 'string', default: String(SEEDS) },
    from: { type: 'string', default: '1' },
    story: { type: 'string', multiple: true },
    controller: { type: 'string', multiple: true },
    states: { type: 'string', default: '20000000' },
  },
})
const runs = whole('runs')
const [firstSchedule, lastSchedule] = [whole('schedules-from'), whole('schedules')]
const parts = new Set(values.only.split(','))
for (const part of parts) if (!PARTS.includes(part)) misused(`--only ${part}: there are ${PARTS.join(', ')}`)

const folder = mkdtempSync(join(tmpdir(), 'orrery-soak-'))
const outcome = { passed: 0, failed: 0 }
try {
  if (parts.has('story') || parts.has('nodes')) stories(told())
  if (parts.has('clone')) check('npm ci and npx orrery work in a fresh clone', freshClone)
  if (parts.has('schedules')) underFaults()
  if (parts.has('differential')) await besideTheReal()
  if (parts.has('weather')) playAll(outcome, { seeds: whole('seeds'), from: whole('from'), only: values.story })
  if (parts.has('examination')) examineAll(outcome, values.controller)
  if (parts.has('every-way')) everyWay(outcome, whole('states'))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(`${outcome.passed} passed, ${outcome.failed} failed`)
process.exitCode = outcome.failed === 0 ? 0 : 1

function whole(name: 'runs' | 'schedules' | 'schedules-from' | 'seeds' | 'from' | 'states'): number {
  const number = Number(values[name])
  if (!Number.isInteger(number) || number < 1) misused(`--${name} ${values[name]}: write a whole number from 1 up`)
  return number
}
function misused(text: string): never {
  console.error(text)
  process.exit(2)
}

function stories(expected: string): void {
  console.log(`the story's log: sha256 ${expected}`)
  if (parts.has('story')) again(expected)
  if (!parts.has('nodes')) return
  for (const version of NODES) check(`Node ${version} tells the same`, () => onNode(version, expected))
}

function underFaults(): void {
  const broken = schedules(firstSchedule, lastSchedule, (text) => console.log(text))
  outcome.passed += lastSchedule - firstSchedule + 1 - broken.length
  for (const text of broken) fail(text)
}

async function besideTheReal(): Promise<void> {
  const { passed, broken } = await beside((text) => console.log(text))
  outcome.passed += passed
  for (const text of broken) fail(text)
  if (etcdVersion() === undefined) return
  const env = { ...process.env, ORRERY_ETCD: 'real' }
  const stories = ['test/kubectl/kubectl.test.ts', 'test/kubectl/control.test.ts', 'test/kubectl/extenders.test.ts']
  check("kubectl's stories, time, faults and extenders are the same on a real etcd", () => {
    const args = ['node_modules/vitest/vitest.mjs', 'run', '--maxWorkers=1', ...stories]
    execFileSync(process.execPath, args, { cwd: root, env, stdio: 'pipe' })
  })
}

function again(expected: string): void {
  let shown = performance.now()
  for (let run = 1; run <= runs; run++) {
    const found = told()
    if (found === expected) outcome.passed++
    else fail(`run ${run} has another log: sha256 ${found}`)
    if (performance.now() - shown < 5_000 && run < runs) continue
    shown = performance.now()
    console.log(`${run} of ${runs} runs, ${outcome.failed} failed`)
  }
}

function check(what: string, work: () => void): void {
  try {
    work()
    outcome.passed++
    console.log(what)
  } catch (error) {
    fail(`not: ${what}\n${error instanceof Error ? error.message : String(error)}`)
  }
}

function fail(text: string): void {
  outcome.failed++
  console.log(text)
}

/** @throws when the hash of that Node is another one */
function onNode(version: string, expected: string): void {
  const node = otherNode(version, join(folder, `node-${version}`))
  const script = join(root, 'test/determinism/print.ts')
  const [found, on] = run(node, ['--import', 'tsx', script], root).trim().split(' ')
  if (!on?.startsWith(`v${version}.`)) throw new Error(`asked for Node ${version}, and ${on} ran`)
  if (found !== expected) throw new Error(`on ${on} the log is another one: sha256 ${found}`)
}

/** @throws when the command of a fresh clone does not work */
function freshClone(): void {
  const clone = join(folder, 'clone')
  run('git', ['clone', '--quiet', root, clone], folder)
  run('npm', ['ci'], clone)
  run('npx', ['orrery', 'machines', '--json'], clone)
  writeFileSync(join(clone, 'pod.yaml'), 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n')
  run('npx', ['orrery', 'run', 'pod.yaml', '--for', '1s', '--json'], clone)
}

function run(command: string, args: readonly string[], cwd: string): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}
