/**
 * `npm run bench`: the goals as a table, or as JSON after `-- --json`; `-- --only boot,idle` runs only those parts. Each
 * part runs in a process of its own: what one leaves behind, in memory or in the engine's compiled code, is no other's.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Benchmark, Measured } from './bench.ts'
import { boot, deployments1000, nodes5000, pods5000, pods5000OnKubelets } from './control-plane.ts'
import { etcdCosts } from './etcd.ts'
import { forking } from './forking.ts'
import { nodesGrow, podsGrow } from './growth.ts'
import { idle } from './idle.ts'
import { pods } from './pods.ts'
import { scheduling } from './scheduling.ts'
import { serving } from './serving.ts'
import { worldStep } from './world-step.ts'

const PARTS: Readonly<Record<string, () => Measured | Promise<Measured>>> = {
  'world-step': worldStep,
  forking,
  etcd: etcdCosts,
  pods,
  scheduling,
  serving,
  boot,
  pods5000,
  kubelets: pods5000OnKubelets,
  deployments1000,
  nodes5000,
  'pods-grow': podsGrow,
  'nodes-grow': nodesGrow,
  idle,
}

const asJson = process.argv.includes('--json')
const names = wanted(process.argv)
const measured: readonly Measured[] = names.length === 1 ? [await part(names[0])] : names.map(apart)
const benchmarks = measured.flatMap((each) => each.benchmarks)

if (asJson) console.log(JSON.stringify({ benchmarks, notes: measured.flatMap(({ notes }) => notes) }, undefined, 2))
else for (const line of [...table(benchmarks), '', ...measured.flatMap(({ notes }) => notes)]) console.log(line)
process.exitCode = benchmarks.every(({ holds }) => holds) ? 0 : 1

/** One part, here. */
async function part(name = ''): Promise<Measured> {
  return await (PARTS[name] as () => Measured | Promise<Measured>)()
}

/** One part, in a process of its own. @throws when it does not end as it should */
function apart(name: string): Measured {
  if (!asJson) process.stderr.write(`${name} …\n`)
  const args = [...process.execArgv, fileURLToPath(import.meta.url), '--json', '--only', name]
  const { stdout, status } = spawnSync(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  })
  if (stdout === '') throw new Error(`${name} ended with ${status} and said nothing`)
  return JSON.parse(stdout) as Measured
}

/** The parts that are to run; a name that there is not is a sentence. */
function wanted(args: readonly string[]): readonly string[] {
  const at = args.indexOf('--only')
  const names = at < 0 ? Object.keys(PARTS) : (args[at + 1] ?? '').split(',')
  const unknown = names.filter((name) => PARTS[name] === undefined)
  if (unknown.length > 0)
    throw new Error(`--only ${unknown.join(',')}: there is no such part; there are ${Object.keys(PARTS).join(', ')}`)
  return names
}

function table(rows: readonly Benchmark[]): string[] {
  const cells = rows.map(({ name, value, unit, goal, atLeast, holds }) => {
    return [name, `${value}`, `${atLeast === true ? '≥' : '≤'} ${goal}`, unit, verdict(holds)]
  })
  const all = [['benchmark', 'value', 'goal', 'unit', ''], ...cells]
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => (row[column] ?? '').length)))
  return all.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

function verdict(holds: boolean): string {
  return holds ? 'holds' : 'MISSED'
}
