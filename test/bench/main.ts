/**
 * `npm run bench`: the goals as a table, or as JSON after `-- --json`; `-- --only boot,idle` runs only those parts,
 * `-- --node 24` runs them on the latest Node of that number instead of the one that runs. Each part runs compiled, as
 * the package ships, in a process of its own: what one leaves behind, in memory or in the engine's code, is no other's.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'vite'
import { otherNode } from '../kit/other-node.ts'
import type { Benchmark, Measured } from './bench.ts'

const OUT = 'node_modules/.cache/bench'
const { values: asked } = parseArgs({
  options: { json: { type: 'boolean', default: false }, only: { type: 'string' }, node: { type: 'string' } },
})
const node = asked.node === undefined ? process.execPath : otherNode(asked.node, `${OUT}-node-${asked.node}`)

await build({
  configFile: false,
  logLevel: 'warn',
  ssr: { noExternal: true },
  build: { ssr: 'test/bench/parts.ts', outDir: OUT, target: 'node20', minify: false },
})

const asJson = asked.json
const measured = wanted(asked.only).map(apart)
const benchmarks = measured.flatMap((each) => each.benchmarks)

if (asJson) console.log(JSON.stringify({ benchmarks, notes: measured.flatMap(({ notes }) => notes) }, undefined, 2))
else for (const line of [...table(benchmarks), '', ...measured.flatMap(({ notes }) => notes)]) console.log(line)
process.exitCode = benchmarks.every(({ holds }) => holds) ? 0 : 1

/** @throws when the part does not end as it should */
function apart(name: string): Measured {
  if (!asJson) process.stderr.write(`${name} …\n`)
  return JSON.parse(ran([name])) as Measured
}

/** The parts that are to run. */
function wanted(only: string | undefined): readonly string[] {
  const all = ran([]).trim().split('\n')
  const names = only === undefined ? all : only.split(',')
  const unknown = names.filter((name) => !all.includes(name))
  if (unknown.length > 0)
    throw new Error(`--only ${unknown.join(',')}: there is no such part; there are ${all.join(', ')}`)
  return names
}

function ran(args: readonly string[]): string {
  const { stdout, status } = spawnSync(node, [join(OUT, 'parts.js'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${args[0] ?? 'the parts'} ended with ${status}: ${stdout}`)
  return stdout
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
