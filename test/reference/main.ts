/**
 * `npm run reference`: how much of what the real components did the model does, family by family.
 * `--json` for machines, `--misses` with what differs, `--raise` to hold what is matched now, `--only <text>` for some.
 */
import { families } from './families.ts'
import type { Miss, Result } from './family.ts'
import { floors, keep, raised } from './floors.ts'
import { folder } from './folder.ts'

const asked = new Set(process.argv.slice(2))
const only = process.argv[process.argv.indexOf('--only') + 1]

const results: Result[] = []
for (const family of families) {
  if (asked.has('--only') && !`${family.area}/${family.family}`.includes(only ?? '')) continue
  const result = family.judge(folder(), { quick: false })
  if (result === undefined) continue
  results.push(result)
  if (!asked.has('--json')) print(result)
}
if (asked.has('--json')) {
  const told = results.map(({ area, family, matched, total }) => ({ area, family, matched, total }))
  process.stdout.write(`${JSON.stringify({ families: told })}\n`)
}
if (asked.has('--raise')) keep(raised(floors(), results))

function print({ area, family, matched, total, misses, waiting }: Result): void {
  const others = waiting.length === 0 ? '' : `, ${waiting.length} waiting`
  process.stdout.write(`${area}/${family}: matched ${matched} of ${total}${others}\n`)
  if (asked.has('--misses')) process.stdout.write([...misses, ...waiting].map(told).join(''))
}
function told({ name, differences }: Miss): string {
  const [first = [], rest] = [differences.slice(0, 5), differences.length - 5]
  const lines = first.map((text) => `    ${text.slice(0, 400)}\n`)
  return `  ${name}\n${lines.join('')}${rest > 0 ? `    and ${rest} more\n` : ''}`
}
