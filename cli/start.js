/** `npm start`: the main job, on a fresh clone too. Installs what is missing, then tells the story of the shop. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const run = (command, args) => spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status ?? 1

if (!existsSync(join(root, 'node_modules/xstate'))) {
  const installed = run('npm', ['ci', '--no-fund', '--no-audit'])
  if (installed !== 0) process.exit(installed)
}
process.exit(run(process.execPath, [join(root, 'cli/orrery.js'), 'story', ...process.argv.slice(2)]))
