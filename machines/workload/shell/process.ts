/**
 * The processes of a container as plain data: a frame for everything that a shell has begun and not finished, so that
 * it can stop anywhere (in a `sleep`, a `wait`) and go on later.
 */
import { type File, type FileChange, type FileSystem, fileAt, textFile, withFile } from '../files.ts'
import type { Case, For, If, Loop, Pipeline, Script, SimpleCommand } from './syntax.ts'

export type Signal = 'HUP' | 'INT' | 'QUIT' | 'KILL' | 'USR1' | 'USR2' | 'TERM'
export const SIGNALS: Readonly<Record<Signal, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  KILL: 9,
  USR1: 10,
  USR2: 12,
  TERM: 15,
}

/** Where text goes: the container's log, a file, what another process collects, or nowhere. */
export type Sink =
  | { readonly to: 'log'; readonly stream: 'stdout' | 'stderr' }
  | { readonly to: 'file'; readonly path: string }
  | { readonly to: 'collector'; readonly pid: number; readonly stream: 'stdout' | 'stderr' }
  | { readonly to: 'nothing' }

/** Why a process does not go on. */
export type Blocked =
  | { readonly on: 'time'; readonly until: number; readonly status: number }
  /** A command in the foreground. */
  | { readonly on: 'child'; readonly pid: number }
  /** The builtin `wait`: a signal with a trap interrupts it at once. */
  | { readonly on: 'jobs'; readonly pids: readonly number[] }
  /** `nc -l`: serves one connection. */
  | { readonly on: 'connection'; readonly port: number; readonly reply: string; readonly program: readonly string[] }
  /** Takes memory until the kernel's OOM killer comes. */
  | { readonly on: 'memory'; readonly until: number }
  | { readonly on: 'nothing to come' }

/** What has been begun. The last of a process's frames is the innermost. */
export type Frame =
  | { readonly is: 'script'; readonly script: Script; readonly next: number }
  | { readonly is: 'andOr'; readonly rest: Script[number]['rest']; readonly next: number }
  | { readonly is: 'pipeline'; readonly of: Pipeline; readonly next: number }
  | { readonly is: 'negation' }
  | { readonly is: 'if'; readonly of: If }
  | { readonly is: 'loop'; readonly of: Loop; readonly testing: boolean }
  | { readonly is: 'for'; readonly of: For; readonly fields: readonly string[]; readonly next: number }
  /** Words whose `$(…)` are being run. */
  | { readonly is: 'expanding'; readonly of: SimpleCommand | For | Case; readonly outputs: readonly string[] }
  /** After a command with redirections of its own. */
  | { readonly is: 'restoring'; readonly out: Sink; readonly err: Sink; readonly stdin: string }
  /** After a trap: `$?` is what it was. */
  | { readonly is: 'trapped'; readonly status: number }
  | { readonly is: 'exiting'; readonly status: number | undefined }

export interface Process {
  readonly pid: number
  readonly parent: number
  /** As `ps` shows it. */
  readonly title: string
  readonly isShell: boolean
  /** Came by exec, or from one that did. */
  readonly attached: boolean
  readonly frames: readonly Frame[]
  readonly blocked: Blocked | undefined
  readonly status: number
  readonly variables: Readonly<Record<string, string>>
  readonly directory: string
  /** By signal or `EXIT`; `''` ignores. */
  readonly traps: Readonly<Record<string, string>>
  readonly pending: readonly Signal[]
  readonly stdin: string
  readonly out: Sink
  readonly err: Sink
  /** What it gathered from those that write to it (`$(…)`, a pipe, an exec). */
  readonly collected: { readonly stdout: string; readonly stderr: string }
  /** Of the child that has just ended. */
  readonly received: string | undefined
  /** Background commands: their exit codes once they have ended. */
  readonly jobs: readonly { readonly pid: number; readonly status: number | undefined }[]
}

export interface Server {
  readonly port: number
  readonly root: string
}
/** All processes of one container, and what they share. */
export interface Processes {
  /** Of the moment up to which it has run. */
  readonly now: number
  readonly processes: readonly Process[]
  readonly files: FileSystem
  readonly hostname: string
  /** An image with programs of its own: those that are not known here run for ever, or succeed when started by exec. */
  readonly hasOtherPrograms: boolean
  readonly servers: readonly Server[]
  readonly oomKilled: boolean
  /** Exit code of the first process. */
  readonly exitCode: number | undefined
}

export interface Output {
  readonly at: number
  readonly stream: 'stdout' | 'stderr'
  readonly text: string
}
/** An exec that is over. */
export interface Finished {
  readonly pid: number
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}
/** What a run brought forth beside the new state. */
export interface Yield {
  readonly output: readonly Output[]
  readonly changes: readonly FileChange[]
  readonly finished: readonly Finished[]
}

/** The same things while a run changes them; never seen outside of a run. */
export type Working<T> = { -readonly [K in keyof T]: T[K] }
export interface Run extends Working<Omit<Processes, 'processes'>> {
  processes: Working<Process>[]
  output: Output[]
  changes: FileChange[]
  finished: Finished[]
}

export const processOf = ({ processes }: Run, pid: number): Working<Process> | undefined =>
  processes.find((process) => process.pid === pid)

/** Numbers are used again, so that a loop that starts commands comes back to the same state. */
export const nextPid = ({ processes }: Run): number => processes.reduce((most, { pid }) => Math.max(most, pid), 0) + 1

export const push = (process: Working<Process>, ...frames: readonly Frame[]): void => {
  process.frames = [...process.frames, ...frames]
}
export const script = (of: Script): Frame => ({ is: 'script', script: of, next: 0 })

/** Starts a process below another one: a copy of its variables, traps forgotten, its outputs unless others are given. */
export function fork(run: Run, parent: Working<Process>, has: Partial<Process>): Working<Process> {
  const child: Working<Process> = {
    ...parent,
    pid: nextPid(run),
    parent: parent.pid,
    frames: [],
    blocked: undefined,
    traps: {},
    pending: [],
    collected: { stdout: '', stderr: '' },
    received: undefined,
    jobs: [],
    ...has,
  }
  run.processes.push(child)
  return child
}

export function say(run: Run, sink: Sink, text: string): void {
  if (sink.to === 'log') run.output.push({ at: run.now, stream: sink.stream, text })
  else if (sink.to === 'file') writeFile(run, sink.path, (was) => `${was}${text}`)
  else if (sink.to === 'collector') {
    const collector = processOf(run, sink.pid)
    if (collector !== undefined) {
      collector.collected = { ...collector.collected, [sink.stream]: collector.collected[sink.stream] + text }
    }
  }
}

function writeFile(run: Run, path: string, change: (was: string) => string): void {
  const was = fileAt(run.files, path)
  setFile(run, path, textFile(change(was?.content ?? '')))
}

export function setFile(run: Run, path: string, file: File | undefined): void {
  const [files, change] = withFile(run.files, path, file)
  run.files = files
  if (change !== undefined) run.changes.push(change)
}
