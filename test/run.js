/** `npm test`: everything, on a fresh clone too. Installs what is missing, runs vitest, closes with `N passed, N failed`. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const run = (command, args) => spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status ?? 1

if (!existsSync(join(root, 'node_modules/vitest'))) {
  const installed = run('npm', ['ci'])
  if (installed !== 0) process.exit(installed)
}
process.exit(run(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...process.argv.slice(2)]))
