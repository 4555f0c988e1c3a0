/** Programs that look at files and change them. */
import { absolute, DIRECTORY, fileAt, namesIn, refusal, textFile } from '../../files.ts'
import { setFile } from '../process.ts'
import { complain, contentOf, flags, type Invocation, operands, out, type Programs, pathIn } from './command.ts'

export const files: Programs = {
  touch: (invocation) =>
    each(invocation, (path, name) => {
      if (fileAt(invocation.run.files, path) !== undefined) return 0
      return made(invocation, path, name, () => textFile(''))
    }),
  rm: (invocation) =>
    each(invocation, (path, name) => {
      const { run } = invocation
      const asked = flags(invocation)
      if (fileAt(run.files, path) === undefined) {
        return asked.includes('f') ? 0 : complain(invocation, `can't remove '${name}': No such file or directory`)
      }
      if (refusal(run.files, path) === 'Read-only file system') {
        return complain(invocation, `can't remove '${name}': Read-only file system`)
      }
      if (asked.includes('r')) for (const inner of namesIn(run.files, path)) setFile(run, `${path}/${inner}`, undefined)
      setFile(run, path, undefined)
      return 0
    }),
  mkdir: (invocation) =>
    each(invocation, (path, name) => {
      const { run } = invocation
      if (fileAt(run.files, path) !== undefined) {
        return flags(invocation).includes('p')
          ? 0
          : complain(invocation, `can't create directory '${name}': File exists`)
      }
      setFile(run, path, DIRECTORY)
      return 0
    }),
  cp(invocation) {
    const [from = '', to = ''] = operands(invocation)
    const file = fileAt(invocation.run.files, pathIn(invocation, from))
    if (file === undefined) return complain(invocation, `can't stat '${from}': No such file or directory`)
    const into = fileAt(invocation.run.files, pathIn(invocation, to))?.kind === 'directory'
    const target = into ? `${to}/${from.split('/').at(-1) as string}` : to
    return made(invocation, pathIn(invocation, target), target, () => file)
  },
  mv(invocation) {
    const status = (files.cp as NonNullable<typeof files.cp>)(invocation) as number
    if (status === 0) setFile(invocation.run, pathIn(invocation, operands(invocation)[0] ?? ''), undefined)
    return status
  },
  ls(invocation) {
    const { run } = invocation
    const asked = operands(invocation)
    return each(
      { ...invocation, argv: [invocation.argv[0] as string, ...(asked.length === 0 ? ['.'] : asked)] },
      (path, name) => {
        const file = fileAt(run.files, path)
        if (file === undefined) return complain(invocation, `${name}: No such file or directory`)
        const names = file.kind === 'directory' && !flags(invocation).includes('d') ? namesIn(run.files, path) : [name]
        const shown = names.filter((each) => flags(invocation).includes('a') || !each.startsWith('.'))
        out(invocation, shown.map((each) => `${each}\n`).join(''))
        return 0
      },
    )
  },
  stat: (invocation) =>
    each(invocation, (path, name) => {
      const file = fileAt(invocation.run.files, path)
      if (file === undefined) return complain(invocation, `can't stat '${name}': No such file or directory`)
      out(invocation, `  File: ${name}\n  Size: ${file.size}\n`)
      return 0
    }),
  dd(invocation) {
    const told = Object.fromEntries(invocation.argv.slice(1).map((each) => each.split('=', 2) as [string, string]))
    const blocks = Number(told.count ?? 1)
    const size = blocks * bytes(told.bs ?? '512')
    const path = told.of === undefined ? undefined : absolute(told.of, invocation.process.directory)
    if (path === undefined) return 0
    return made(invocation, path, told.of as string, () => ({ kind: 'file', content: '', size }))
  },
  test: (invocation) => tested(invocation, invocation.argv.slice(1)),
  '['(invocation) {
    if (invocation.argv.at(-1) !== ']') return complain(invocation, 'missing ]', 2)
    return tested(invocation, invocation.argv.slice(1, -1))
  },
}

function each(invocation: Invocation, work: (path: string, name: string) => number): number {
  let status = 0
  for (const name of operands(invocation)) status = Math.max(status, work(pathIn(invocation, name), name))
  return status
}

function made(invocation: Invocation, path: string, name: string, file: () => Parameters<typeof setFile>[2]): number {
  const why = refusal(invocation.run.files, path)
  if (why === 'nonexistent directory') return complain(invocation, `${name}: No such file or directory`)
  if (why !== undefined) return complain(invocation, `${name}: ${why}`)
  setFile(invocation.run, path, file())
  return 0
}

function bytes(text: string): number {
  const units: Readonly<Record<string, number>> = { k: 1_024, K: 1_024, M: 1_048_576, G: 1_073_741_824 }
  return Number.parseInt(text, 10) * (units[text.at(-1) as string] ?? 1)
}

/** `test`: 0 when it is so, 1 when not, 2 when it cannot tell. */
function tested(invocation: Invocation, words: readonly string[]): number {
  const or = words.indexOf('-o')
  if (or > 0) return Math.min(tested(invocation, words.slice(0, or)), tested(invocation, words.slice(or + 1)))
  const and = words.indexOf('-a')
  if (and > 0) return Math.max(tested(invocation, words.slice(0, and)), tested(invocation, words.slice(and + 1)))
  if (words[0] === '!') return tested(invocation, words.slice(1)) === 0 ? 1 : 0
  const is = holds(invocation, words)
  return is === undefined ? complain(invocation, `${words[1] ?? ''}: unknown operand`, 2) : is ? 0 : 1
}

function holds(invocation: Invocation, words: readonly string[]): boolean | undefined {
  const [a = '', operator = '', b = ''] = words
  if (words.length <= 1) return a !== ''
  if (words.length === 2) return ofOne(invocation, a, operator)
  const compare = BETWEEN[operator]
  return compare?.(a, b)
}

function ofOne(invocation: Invocation, question: string, word: string): boolean | undefined {
  const file = fileAt(invocation.run.files, pathIn(invocation, word))
  switch (question) {
    case '-n':
      return word !== ''
    case '-z':
      return word === ''
    case '-e':
    case '-r':
    case '-w':
    case '-x':
      return file !== undefined
    case '-f':
      return file?.kind === 'file'
    case '-d':
      return file?.kind === 'directory'
    case '-s':
      return (contentOf(invocation, word) ?? '') !== ''
    default:
      return undefined
  }
}

const BETWEEN: Readonly<Record<string, (a: string, b: string) => boolean>> = {
  '=': (a, b) => a === b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '-eq': (a, b) => Number(a) === Number(b),
  '-ne': (a, b) => Number(a) !== Number(b),
  '-lt': (a, b) => Number(a) < Number(b),
  '-le': (a, b) => Number(a) <= Number(b),
  '-gt': (a, b) => Number(a) > Number(b),
  '-ge': (a, b) => Number(a) >= Number(b),
}
