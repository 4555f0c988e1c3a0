/** The habits of the house, held by reading every source once: floors, purity, sizes, mirrors, pages that are current. */
import { existsSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { describe, expect, test } from 'vitest'
import { chartPages } from '../cli/generate/charts.ts'
import { catalogue } from '../machines/catalogue.ts'
import { statesOf } from '../runtime/coverage.ts'
import { lint } from '../runtime/lint.ts'
import { wrong } from './tidy/floors.ts'
import { mirrored } from './tidy/mirrors.ts'
import { LONG_FILES, LONG_FUNCTIONS, NAMED_OTHERWISE, NEVER_IMPORTED, UNTESTED } from './tidy/ratchets.ts'
import { filesIn, read, sourcesIn, UNNAMED } from './tidy/sources.ts'
import { strangers } from './tidy/strangers.ts'

const sources = sourcesIn('cli', 'machines', 'runtime')
const tests = sourcesIn('test')
const pure = sources.filter(({ path }) => !path.startsWith('cli/'))

test('nobody imports from a floor above or from a neighbour', () => {
  expect(sources.flatMap((source) => source.imports.flatMap((each) => wrong(source, each) ?? []))).toEqual([])
})

/** What would make two runs differ, or a browser differ from Node. */
const IMPURE = [
  ...['async', 'await', 'import()', 'Promise', 'Date', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'],
  ...[
    'process.env',
    'process.nextTick',
    'process.hrtime',
    'Buffer',
    'console',
    'performance',
    'crypto',
    'fetch',
    'Intl',
    '.localeCompare',
    '.toLocaleString',
  ],
  ...['random', 'log', 'log2', 'log10', 'log1p', 'exp', 'expm1', 'pow', 'sin', 'cos', 'tan', 'sinh', 'cosh', 'tanh'],
  ...['asin', 'acos', 'atan', 'atan2', 'cbrt', 'hypot'],
].map((name) => (/^[a-z0-9]+$/.test(name) && name in Math ? `Math.${name}` : name))

test('machines and runtime use nothing that differs from run to run or from place to place', () => {
  expect(
    pure.flatMap(({ path, uses }) => IMPURE.filter((name) => uses.has(name)).map((name) => `${path}: ${name}`)),
  ).toEqual([])
})

test("XState's action creators are touched in runtime/contract.ts alone", () => {
  const creators = new Set(['assign', 'emit', 'enqueueActions', 'raise', 'sendTo', 'spawnChild', 'createActor'])
  const touching = pure.filter(({ imports }) =>
    imports.some(({ from, names }) => from === 'xstate' && names.some((name) => creators.has(name))),
  )
  expect(touching.map(({ path }) => path)).toEqual(['runtime/contract.ts'])
})

test("what raft's own arithmetic says can be read and held true without the rest of etcd", () => {
  const leaves = sources.filter(({ path }) => path.startsWith('machines/etcd/raft/'))
  const foreign = leaves.flatMap(({ path, imports }) =>
    imports
      .filter(({ from, isType }) => !isType && from !== 'runtime/tree.ts' && !from.startsWith('machines/etcd/raft/'))
      .map(({ from }) => `${path} imports ${from}`),
  )
  expect(foreign).toEqual([])
})

test('every source is imported by another', () => {
  const imported = new Set(sources.flatMap(({ imports }) => imports.map(({ from }) => from)))
  const alone = sources.filter(({ path }) => !imported.has(path)).map(({ path }) => path)
  expect(alone.sort()).toEqual(Object.keys(NEVER_IMPORTED).sort())
})

test('everything with functions has a unit test at its side', () => {
  const untested = pure.filter((source) => source.exportsFunctions && !mirrored(source, sources, tests))
  expect(untested.map(({ path }) => path)).toEqual(UNTESTED)
})

describe('sizes', () => {
  test('no function has more than 70 lines, but what makes a chart, or tells of tests', () => {
    const long = [...sources, ...tests].flatMap(({ path, functions }) =>
      functions
        .filter(
          ({ name, lines, makesChart }) => lines > 70 && !makesChart && (name !== UNNAMED || !path.startsWith('test/')),
        )
        .map(({ name, lines }) => [`${path} ${name}`, lines] as const),
    )
    expect(grown(long, LONG_FUNCTIONS)).toEqual([])
  })

  test('no file has more than 400 lines, and nine of ten at most 250', () => {
    expect(
      grown(
        sources.filter(({ lines }) => lines > 400).map(({ path, lines }) => [path, lines] as const),
        LONG_FILES,
      ),
    ).toEqual([])
    const lengths = sources.map(({ lines }) => lines).sort((a, b) => a - b)
    expect(lengths[Math.floor(lengths.length * 0.9)]).toBeLessThanOrEqual(250)
  })
})

/** What is on no list, has grown, or could be taken off the list. */
function grown(
  found: readonly (readonly [what: string, lines: number])[],
  listed: Readonly<Record<string, number>>,
): string[] {
  const large = found
    .filter(([what, lines]) => lines > (listed[what] ?? 0))
    .map(([what, lines]) => `${what}: ${lines} lines`)
  const good = Object.keys(listed).filter((what) => !found.some(([each]) => each === what))
  return [...large, ...good.map((what) => `${what} is good now: take it off the list`)]
}

test('files are named by their subject', () => {
  const names = [...sources, ...tests].map(({ path }) => path)
  const bad = (path: string) => /^(utils?|helpers?|logic|common|types|misc)\./.test(basename(path))
  expect(sources.map(({ path }) => path).filter(bad)).toEqual(Object.keys(NAMED_OTHERWISE))
  expect(names.filter((path) => !/^[a-z0-9.-]+$/.test(basename(path)))).toEqual([])
})

describe.each(catalogue.map(({ machine, source }) => [machine.id, machine, source] as const))(
  'the chart %s',
  (id, machine, source) => {
    test('is where the catalogue says, and in order', () => {
      expect(existsSync(source)).toBe(true)
      // A machine that a function makes for many uses has an id made of its parameter.
      expect(read(source)).toMatch(new RegExp(`id: ('${id}'|\`\\$\\{|[a-z.]+,)`))
      expect(lint(machine)).toEqual([])
    })

    test('has three states, or a reason', () => {
      const states = statesOf(machine).length - 1
      expect(
        states >= 3 || (machine.root.description ?? '') !== '',
        `${id} has ${states} states and no description`,
      ).toBe(true)
    })

    test('is walked to the end by a unit test', () => {
      const folder = `test/unit/${dirname(source)}/`
      const walking = tests.filter(({ path, text }) => path.startsWith(folder) && walks(path, text, id, source))
      expect(walking.length, `a test in ${folder} that calls expectWhole(${camelCase(id)})`).toBeGreaterThan(0)
    })
  },
)

const camelCase = (id: string): string => id.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())

/** A machine that a function makes is walked as one example of it, by a test of the same name. */
function walks(path: string, text: string, id: string, source: string): boolean {
  if (!text.includes('expectWhole(')) return false
  return (
    text.includes(`expectWhole(${camelCase(id)})`) ||
    text.includes(`/${basename(source)}'`) ||
    path === `test/unit/${source.replace(/\.ts$/, '.test.ts')}`
  )
}

test('the pages in docs/charts are current', async () => {
  const pages = await chartPages()
  const stale = pages.filter(
    ([name, text]) => !existsSync(`docs/charts/${name}`) || read(`docs/charts/${name}`) !== text,
  )
  expect(
    stale.map(([name]) => name),
    'run: npm run docs',
  ).toEqual([])
  const known = new Set(pages.map(([name]) => `docs/charts/${name}`))
  expect(
    filesIn('docs/charts', '').filter((path) => !known.has(path) && /\.(md|svg)$/.test(path)),
    'pages of machines that are gone',
  ).toEqual([])
})

test('nothing tells of the machine on which it was written', () => {
  expect(strangers()).toEqual([])
})

test('the lock file names every package that any platform needs, so that `npm ci` works everywhere', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { optionalDependencies?: object }>
  }
  const wanted = Object.values(packages).flatMap(({ optionalDependencies }) => Object.keys(optionalDependencies ?? {}))
  expect(wanted.filter((name) => packages[`node_modules/${name}`] === undefined)).toEqual([])
})
