/** What a shell does itself, because it changes the shell: variables, traps, jobs, and the way through the script. */
import { absolute, fileAt } from '../../files.ts'
import { statusOf } from '../ending.ts'
import { parse } from '../parser.ts'
import { type Frame, push, script } from '../process.ts'
import { complain, contentOf, type Invocation, linesOf, out, type Programs } from './command.ts'
import { signalNamed } from './system.ts'

export const builtins: Programs = {
  ':': () => 0,
  true: () => 0,
  false: () => 1,
  exit({ process, argv }) {
    const status = argv[1] === undefined ? process.status : Number(argv[1]) & 255
    process.frames = [{ is: 'exiting', status }]
    return status
  },
  exec({ process, argv }) {
    if (argv.length === 1) return 0
    const words = argv.slice(1).map((text) => [{ is: 'text' as const, text, quoted: true }])
    process.isShell = false
    process.frames = [
      { is: 'exiting', status: undefined },
      { is: 'expanding', of: { is: 'simple', assignments: [], words, redirects: [] }, outputs: [] },
    ]
    return undefined
  },
  eval({ process, argv }) {
    push(process, script(parse(argv.slice(1).join(' '))))
    return undefined
  },
  trap({ process, argv }) {
    const [, action = '-', ...names] = argv
    const traps = { ...process.traps }
    for (const name of names) {
      const key = name === '0' ? 'EXIT' : (signalNamed(name) ?? name)
      if (action === '-') delete traps[key]
      else traps[key] = action
    }
    process.traps = traps
    return 0
  },
  wait({ process, argv }) {
    const pids = argv.length > 1 ? argv.slice(1).map(Number) : process.jobs.map(({ pid }) => pid)
    if (pids.every((pid) => statusOf(process, pid) !== undefined)) {
      return argv.length > 1 ? (statusOf(process, pids.at(-1) as number) ?? 127) : 0
    }
    return { on: 'jobs', pids }
  },
  cd({ run, process, argv }) {
    const to = absolute(argv[1] ?? '/root', process.directory)
    if (fileAt(run.files, to)?.kind === 'file') return 2
    process.directory = to
    return 0
  },
  pwd(invocation) {
    out(invocation, `${invocation.process.directory}\n`)
    return 0
  },
  export({ process, argv }) {
    for (const word of argv.slice(1)) {
      const [, name, value] = /^(\w+)=(.*)$/s.exec(word) ?? []
      if (name !== undefined) process.variables = { ...process.variables, [name]: value ?? '' }
    }
    return 0
  },
  unset({ process, argv }) {
    const { [argv[1] as string]: _, ...rest } = process.variables
    process.variables = rest
    return 0
  },
  set: () => 0,
  umask: () => 0,
  read({ process, argv }) {
    const [line, ...rest] = linesOf(process.stdin)
    process.variables = { ...process.variables, [argv.at(-1) ?? 'REPLY']: line ?? '' }
    process.stdin = rest.map((each) => `${each}\n`).join('')
    return line === undefined ? 1 : 0
  },
  break: ({ process }) => leave(process, () => []),
  continue: ({ process }) => leave(process, (loop) => [loop]),
  '.'(invocation) {
    const content = contentOf(invocation, invocation.argv[1] ?? '')
    if (content === undefined) return complain(invocation, `can't open '${invocation.argv[1] ?? ''}'`, 2)
    push(invocation.process, script(parse(content)))
    return undefined
  },
}

/** Drops what was begun inside the innermost loop, and the loop itself unless it is to go on. */
function leave(process: Invocation['process'], keep: (loop: Frame) => readonly Frame[]): number {
  const at = process.frames.findLastIndex(({ is }) => is === 'loop' || is === 'for')
  const loop = process.frames[at]
  if (loop !== undefined) {
    const again: Frame = loop.is === 'loop' ? { ...loop, testing: false } : loop
    process.frames = [...process.frames.slice(0, at), ...keep(again)]
  }
  return 0
}
