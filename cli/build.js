/** `npm run build`: what the package carries, in `dist/`: JavaScript with types, and bundles for browsers and for `serve`. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundled, live } from './bundle.js'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const compiler = join(root, 'node_modules/typescript-7/bin/tsc')
if (!existsSync(compiler)) process.exit(0)

rmSync(join(root, 'dist'), { recursive: true, force: true })
const compiled = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' })
if (compiled.status !== 0) process.exit(compiled.status ?? 1)

const { build } = await import('vite')
await build(bundled(root, join(root, 'dist/browser')))
await build(live(root, join(root, 'dist/live')))
await warmedUp()

/** One start of `serve`, and its end: after it the code cache lies beside the bundle, and the user's first start is quick. */
async function warmedUp() {
  const kubeconfig = join(root, 'dist/live/warm.kubeconfig')
  const args = [join(root, 'cli/orrery.js'), 'serve', '--port', '0', '--kubeconfig', kubeconfig]
  const serving = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  serving.stdout.once('data', () => serving.kill('SIGINT'))
  await once(serving, 'close')
  rmSync(kubeconfig, { force: true })
}
