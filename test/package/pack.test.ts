/** What `npm pack` makes, installed in an empty folder: the command, the types, and bundles for browsers. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { needs } from '../kit/needs.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'orrery-package-'))
const installed = join(folder, 'node_modules/kube-orrery')
/** A copy of the sources: packing builds `dist`, which other tests may be using. */
const sources = join(folder, 'sources')
const LEFT_OUT = new Set(['node_modules', '.git', 'dist', 'test'])
let reached = false

beforeAll(() => {
  cpSync(root, sources, { recursive: true, filter: (path) => !LEFT_OUT.has(relative(root, path)) })
  symlinkSync(join(root, 'node_modules'), join(sources, 'node_modules'))
  run('npm', ['pack', '--pack-destination', folder], sources)
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
  writeFileSync(join(folder, 'package.json'), '{ "name": "user", "private": true, "type": "module" }')
  reached = installs(join(folder, tarball as string))
}, 300_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the command lists the machines', (context) => {
  needs(context, 'A package registry to install from', reached)
  const machines = JSON.parse(run('npx', ['--no-install', 'orrery', 'machines', '--json'], folder)) as { id: string }[]
  expect(machines.map(({ id }) => id)).toContain('pod-worker')
})

test('the command runs the example that comes with it', (context) => {
  needs(context, 'A package registry to install from', reached)
  const shop = join(installed, 'docs/examples/shop')
  const printed = run('npx', ['--no-install', 'orrery', 'run', shop, '--nodes', '1', '--for', '5s', '--json'], folder)
  expect(JSON.parse(printed)).toMatchObject({ broken: [] })
})

test('the command serves, from a code cache at its second start', async (context) => {
  needs(context, 'A package registry to install from', reached)
  const cache = join(installed, 'dist/live/main.cjs.cache')
  expect(existsSync(cache)).toBe(false)
  for (const start of ['first', 'second']) {
    const args = ['cli/orrery.js', 'serve', '--port', '0', '--nodes', '1', '--kubeconfig', join(folder, 'kubeconfig')]
    const serving = spawn(process.execPath, args, { cwd: installed, stdio: ['ignore', 'pipe', 'inherit'] })
    const [greeting] = (await once(serving.stdout, 'data')) as [Buffer]
    expect(String(greeting), start).toMatch(/^https:\/\/127\.0\.0\.1:\d+ {2}1 node, 1 control plane, speed real, /)
    serving.kill('SIGINT')
    await once(serving, 'close')
    expect(existsSync(cache)).toBe(true)
  }
})

test('a program in strict TypeScript uses its types and runs', (context) => {
  needs(context, 'A package registry to install from', reached)
  writeFileSync(join(folder, 'program.ts'), PROGRAM)
  const compiler = join(root, 'node_modules/typescript-7/bin/tsc')
  const flags = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2023', '--lib', 'es2023,dom']
  run(process.execPath, [compiler, ...flags, 'program.ts'], folder)
  writeFileSync(join(folder, 'program.js'), PROGRAM.replaceAll(': string', ''))
  expect(run(process.execPath, ['program.js'], folder).trim()).toBe('node-1')
})

test.each(['kube-orrery', 'runtime'])('the browser bundle "%s" stands alone and can be imported', async (name) => {
  const file = join(reached ? installed : sources, `dist/browser/${name}.js`)
  expect(existsSync(file)).toBe(true)
  const bundle = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as Record<string, unknown>
  expect(bundle[name === 'runtime' ? 'World' : 'createCluster']).toBeTypeOf('function')
})

const PROGRAM = `import { createCluster } from 'kube-orrery'
import { logLine } from 'kube-orrery/runtime'
const cluster = createCluster({ nodes: 1 })
const name: string = cluster.get('nodes')[0]?.metadata.name ?? typeof logLine
console.log(name)
`

/** @returns whether the registry with the dependencies could be reached */
function installs(tarball: string): boolean {
  try {
    run('npm', ['install', '--omit=dev', '--no-audit', '--no-fund', tarball], folder)
    return true
  } catch (error) {
    if (/ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ECONNRESET|network/.test(String(error))) return false
    throw error
  }
}

/** @throws with all that the command printed */
function run(command: string, args: readonly string[], cwd: string): string {
  const env = { ...process.env, NODE_OPTIONS: '' }
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8', maxBuffer: 2 ** 28 })
  if (status === 0) return stdout
  throw new Error(
    `${command} ${args.join(' ')} ended with ${status}:\n${stdout.slice(-4_000)}\n${stderr.slice(-4_000)}`,
  )
}
