/**
 * The processes of a container, from outside: start the first one, run them up to a moment, send a signal, exec another
 * command. Everything is a pure function from one state to the next and what it brought forth.
 */
import { type FileChange, type FileSystem, fileAt, withVolumeFile } from '../files.ts'
import { finish } from './ending.ts'
import { runAll } from './interpreter.ts'
import { type Process, type Processes, push, type Run, type Signal, say, type Working, type Yield } from './process.ts'
import { signal as deliver } from './signals.ts'
import { programNamed } from './simple-command.ts'

export type { Finished, Output, Processes, Signal, Yield } from './process.ts'

export interface FirstProcess {
  readonly argv: readonly string[]
  readonly variables: Readonly<Record<string, string>>
  readonly directory: string
  readonly hostname: string
  readonly files: FileSystem
  readonly hasOtherPrograms: boolean
  readonly now: number
}

/** Whether the interpreter knows this command, so that no behaviour need be made up for it. */
export const understands = ([name]: readonly string[]): boolean =>
  name !== undefined && programNamed(name) !== undefined

/** No process at all yet: `begun` puts the first one in; a container without a script of its own has only execs. */
export function empty({ hostname, files, hasOtherPrograms, now }: Omit<FirstProcess, 'argv'>): Processes {
  return { now, processes: [], files, hostname, hasOtherPrograms, servers: [], oomKilled: false, exitCode: undefined }
}

export function begun(first: FirstProcess): readonly [Processes, Yield] {
  return changed(empty(first), first.now, (run) => {
    run.processes.push(started(1, first, { log: true }))
  })
}

/** Runs up to `at`: what sleeps till then goes on. */
export const runUntil = (state: Processes, at: number): readonly [Processes, Yield] =>
  changed(state, at, () => undefined)

/** When somebody has to go on by itself; undefined when all wait for something from outside. */
export function nextWake({ processes }: Processes): number | undefined {
  let least: number | undefined
  for (const { blocked } of processes) {
    if ((blocked?.on === 'time' || blocked?.on === 'memory') && (least === undefined || blocked.until < least)) {
      least = blocked.until
    }
  }
  return least
}

/** A signal of the container runtime to the first process. */
export const signalled = (state: Processes, at: number, name: Signal): readonly [Processes, Yield] =>
  changed(state, at, (run) => deliver(run, 1, name, 0))

/** Starts a command beside what runs. Its number tells which of the finished ones it is. */
export function executed(
  state: Processes,
  at: number,
  command: Pick<FirstProcess, 'argv' | 'variables' | 'directory'>,
): readonly [Processes, Yield, number] {
  let pid = 0
  const [next, yielded] = changed(state, at, (run) => {
    // Number 1 is the container's own process, whether or not it is a script.
    pid = run.processes.reduce((most, each) => Math.max(most, each.pid), 1) + 1
    run.processes.push(started(pid, command, { log: false }))
  })
  return [next, yielded, pid]
}

/** Kills one that was started by exec, and what it has started. */
export const killed = (state: Processes, at: number, pid: number): readonly [Processes, Yield] =>
  changed(state, at, (run) => {
    run.processes = run.processes.filter((each) => each.pid !== pid && each.parent !== pid)
  })

export const withVolume = (state: Processes, change: FileChange): Processes => ({
  ...state,
  files: withVolumeFile(state.files, change),
})

/** What answers a connection to a port; undefined when nobody listens. */
export interface Served {
  readonly status: number | undefined
  readonly body: string
}
export function connected(
  state: Processes,
  at: number,
  port: number,
  path: string,
): readonly [Processes, Yield, Served | 'silence' | undefined] {
  const server = state.servers.find((each) => each.port === port)
  if (server !== undefined) {
    const file = fileAt(state.files, `${server.root === '/' ? '' : server.root}${path === '/' ? '/index.html' : path}`)
    const served = file?.kind === 'file' ? { status: 200, body: file.content } : { status: 404, body: '' }
    return [state, { output: [], changes: [], finished: [] }, served]
  }
  let served: Served | 'silence' | undefined
  const [next, yielded] = changed(state, at, (run) => {
    const listener = run.processes.find(({ blocked }) => blocked?.on === 'connection' && blocked.port === port)
    if (listener?.blocked?.on === 'connection') served = accept(listener, listener.blocked)
  })
  return [next, yielded, served]
}

/** `nc -l`: sends what it has and ends; with `-e` the program takes its place and says nothing of its own. */
function accept(listener: Working<Process>, { reply, program }: { reply: string; program: readonly string[] }) {
  listener.blocked = undefined
  listener.status = 0
  if (program.length > 0) {
    push(listener, { is: 'expanding', of: simple(program), outputs: [] })
    return 'silence' as const
  }
  const status = /^HTTP\/1\.\d (\d{3})/.exec(reply)?.[1]
  return { status: status === undefined ? undefined : Number(status), body: reply.split('\r\n\r\n').slice(1).join('') }
}

const simple = (argv: readonly string[]) =>
  ({
    is: 'simple',
    assignments: [],
    words: argv.map((text) => [{ is: 'text' as const, text, quoted: true }]),
    redirects: [],
  }) as const

function started(
  pid: number,
  { argv, variables, directory }: Pick<FirstProcess, 'argv' | 'variables' | 'directory'>,
  { log }: { log: boolean },
): Working<Process> {
  const process: Working<Process> = {
    pid,
    parent: 0,
    title: argv.join(' '),
    isShell: false,
    attached: !log,
    frames: [],
    blocked: undefined,
    status: 0,
    variables,
    directory,
    traps: {},
    pending: [],
    stdin: '',
    out: log ? { to: 'log', stream: 'stdout' } : { to: 'collector', pid, stream: 'stdout' },
    err: log ? { to: 'log', stream: 'stderr' } : { to: 'collector', pid, stream: 'stderr' },
    collected: { stdout: '', stderr: '' },
    received: undefined,
    jobs: [],
  }
  push(process, { is: 'expanding', of: simple(argv), outputs: [] })
  return process
}

function changed(state: Processes, at: number, change: (run: Run) => unknown): readonly [Processes, Yield] {
  const processes = state.processes.map((process) => ({ ...process }))
  const run: Run = { ...state, processes, output: [], changes: [], finished: [] }
  for (let due = nextWake(run); due !== undefined && due <= at; due = nextWake(run)) {
    run.now = due
    wakeDue(run)
    runAll(run)
  }
  run.now = at
  change(run)
  runAll(run)
  const { output, changes, finished, ...next } = run
  return [next, { output, changes, finished }]
}

function wakeDue(run: Run): void {
  for (const process of run.processes) {
    const { blocked } = process
    if (blocked?.on === 'time' && blocked.until <= run.now) {
      process.blocked = undefined
      process.status = blocked.status
    } else if (blocked?.on === 'memory' && blocked.until <= run.now) outOfMemory(run, process)
  }
}

/** The kernel kills what took the memory; the container is marked whoever it was. */
function outOfMemory(run: Run, process: Working<Process>): void {
  run.oomKilled = true
  process.blocked = undefined
  process.status = 137
  if (process.isShell) say(run, process.err, 'Killed\n')
  else finish(run, process, 137)
}
