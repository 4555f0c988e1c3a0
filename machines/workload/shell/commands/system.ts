/** Programs that wait, serve, signal, and tell of the machine. */

import { parse } from '../parser.ts'
import { fork, push, SIGNALS, type Signal, script } from '../process.ts'
import { signal } from '../signals.ts'
import {
  complain,
  flags,
  type Invocation,
  type Outcome,
  operands,
  out,
  type Program,
  type Programs,
} from './command.ts'

export const system: Programs = {
  sleep(invocation) {
    const times = operands(invocation).map(durationMs)
    if (times.length === 0 || times.some(Number.isNaN)) {
      return complain(invocation, `invalid number '${operands(invocation)[0] ?? ''}'`)
    }
    const total = times.reduce((sum, each) => sum + each, 0)
    return total === Number.POSITIVE_INFINITY
      ? { on: 'nothing to come' }
      : { on: 'time', until: invocation.run.now + total, status: 0 }
  },
  usleep: ({ run, argv }) => ({ on: 'time', until: run.now + Number(argv[1] ?? 0) / 1_000, status: 0 }),
  sh: shell,
  ash: shell,
  bash: shell,
  dash: shell,
  kill(invocation) {
    const { run, argv, process } = invocation
    const [, first = ''] = argv
    const name = first.startsWith('-') ? signalNamed(first.slice(1)) : 'TERM'
    if (name === undefined) return complain(invocation, `bad signal name '${first.slice(1)}'`)
    let status = 0
    for (const pid of first.startsWith('-') ? argv.slice(2) : argv.slice(1)) {
      if (!signal(run, Number(pid), name, process.pid)) {
        status = complain(invocation, `can't kill pid ${pid}: No such process`)
      }
    }
    return status
  },
  ps(invocation) {
    out(invocation, 'PID   USER     COMMAND\n')
    for (const { pid, title } of invocation.run.processes)
      out(invocation, `${String(pid).padStart(5)} root     ${title}\n`)
    return 0
  },
  hostname: (invocation) => told(invocation, invocation.run.hostname),
  id: (invocation) => told(invocation, 'uid=0(root) gid=0(root) groups=0(root),10(wheel)'),
  whoami: (invocation) => told(invocation, 'root'),
  uname: (invocation) => told(invocation, 'Linux'),
  nproc: (invocation) => told(invocation, '1'),
  timeout(invocation) {
    const [, time = '', ...argv] = invocation.argv
    return argv[0] === 'sleep' && durationMs(argv[1] ?? '') > durationMs(time)
      ? { on: 'time', until: invocation.run.now + durationMs(time), status: 143 }
      : child(invocation, argv)
  },
  nc(invocation) {
    const { argv, process } = invocation
    if (!flags(invocation).includes('l'))
      return complain(invocation, `can't connect to remote host: Connection refused`)
    const run = argv.indexOf('-e')
    const port = Number(argv[argv.indexOf('-p') + 1] ?? 0)
    return { on: 'connection', port, reply: process.stdin, program: run < 0 ? [] : argv.slice(run + 1) }
  },
  wget: (invocation) => complain(invocation, `can't connect to remote host: Connection refused`),
  nslookup: (invocation) => complain(invocation, `can't resolve '${operands(invocation)[0] ?? ''}'`),
  httpd(invocation) {
    const { argv, run } = invocation
    const after = (flag: string): string | undefined => (argv.includes(flag) ? argv[argv.indexOf(flag) + 1] : undefined)
    const port = Number(after('-p')?.split(':').at(-1) ?? 80)
    run.servers = [...run.servers, { port, root: after('-h') ?? '/' }]
    return flags(invocation).includes('f') ? { on: 'nothing to come' } : 0
  },
}

function shell(invocation: Invocation): Outcome {
  const { argv, run, process } = invocation
  const at = argv.indexOf('-c')
  // Without a terminal and a script, its input is at its end.
  const text = at < 0 ? process.stdin : (argv[at + 1] ?? '')
  if (!process.isShell) {
    process.isShell = true
    push(process, script(parse(text)))
    return undefined
  }
  const started = fork(run, process, { title: argv.join(' ') })
  push(started, script(parse(text)))
  return { on: 'child', pid: started.pid }
}

/** Runs a program as a process of its own, in the foreground. */
function child({ run, process }: Invocation, argv: readonly string[]): Outcome {
  const words = argv.map((text) => [{ is: 'text' as const, text, quoted: true }])
  const started = fork(run, process, { title: argv.join(' ') })
  push(
    started,
    script([
      {
        first: { negated: false, commands: [{ is: 'simple', assignments: [], words, redirects: [] }] },
        rest: [],
        background: false,
      },
    ]),
  )
  return { on: 'child', pid: started.pid }
}

const told: (invocation: Invocation, text: string) => ReturnType<Program> = (invocation, text) => {
  out(invocation, `${text}\n`)
  return 0
}

/** `9`, `KILL`, `SIGKILL`. */
export function signalNamed(text: string): Signal | undefined {
  const name = text.replace(/^SIG/, '')
  return (Object.keys(SIGNALS) as Signal[]).find((each) => each === name || String(SIGNALS[each]) === name)
}

/** `1.5`, `2m`, `1h`, `infinity`. */
function durationMs(text: string): number {
  if (text.startsWith('inf')) return Number.POSITIVE_INFINITY
  const found = /^(\d*\.?\d+)([smhd]?)$/.exec(text)
  if (found === null) return Number.NaN
  const units: Readonly<Record<string, number>> = { '': 1_000, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }
  return Math.round(Number(found[1]) * (units[found[2] ?? ''] as number))
}
