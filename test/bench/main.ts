/** `npm run bench`: the goals of design §6 as a table, or as JSON after `-- --json`. */
import { type Benchmark, type Measured } from './bench.ts'
import { etcdCosts } from './etcd.ts'
import { forking } from './forking.ts'
import { pods } from './pods.ts'
import { scheduling } from './scheduling.ts'
import { serving } from './serving.ts'
import { worldStep } from './world-step.ts'

const asJson = process.argv.includes('--json')
const atOnce = [worldStep, forking, etcdCosts, pods, scheduling].map((measure) => measure())
const measured: Measured[] = [...atOnce, await serving()]
const benchmarks = measured.flatMap((each) => each.benchmarks)

if (asJson) console.log(JSON.stringify({ benchmarks }, undefined, 2))
else for (const line of [...table(benchmarks), '', ...measured.flatMap(({ notes }) => notes)]) console.log(line)
process.exitCode = benchmarks.every(({ holds }) => holds) ? 0 : 1

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
