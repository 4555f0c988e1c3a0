/** `npm run build`: what the package carries, in `dist/`: JavaScript with types, and a bundle for browsers. */
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const compiler = join(root, 'node_modules/typescript-7/bin/tsc')
if (!existsSync(compiler)) process.exit(0)

rmSync(join(root, 'dist'), { recursive: true, force: true })
const compiled = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' })
if (compiled.status !== 0) process.exit(compiled.status ?? 1)

const { build } = await import('vite')
await build({
  root,
  configFile: false,
  logLevel: 'warn',
  build: {
    lib: { entry: join(root, 'machines/index.ts'), formats: ['es'], fileName: () => 'kube-orrery.js' },
    outDir: join(root, 'dist/browser'),
    target: 'es2022',
    minify: true,
  },
})
