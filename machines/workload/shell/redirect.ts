/** Where a command reads and writes, when it is told to elsewhere. */
import { absolute, fileAt, refusal, textFile } from '../files.ts'
import type { Expansion } from './expansion.ts'
import { type Process, push, type Run, type Sink, setFile, type Working } from './process.ts'
import type { Redirect } from './syntax.ts'

/**
 * Sets the process's standard streams, and leaves a frame that sets them back. @returns why it could not, as ash says it.
 */
export function redirect(
  run: Run,
  process: Working<Process>,
  redirects: readonly Redirect[],
  expansion: Expansion,
): string | undefined {
  if (redirects.length === 0) return undefined
  const { out, err, stdin } = process
  push(process, { is: 'restoring', out, err, stdin })
  for (const each of redirects) {
    const name = expansion.textOf(each.word)
    const why = each.does === 'copy' ? copy(process, each, name) : open(run, process, each, name)
    if (why !== undefined) return why
  }
  return undefined
}

/** `2>&1` */
function copy(process: Working<Process>, { descriptor }: Redirect, from: string): undefined {
  const sink = from === '2' ? process.err : process.out
  if (descriptor === 2) process.err = sink
  else process.out = sink
}

function open(run: Run, process: Working<Process>, { descriptor, does }: Redirect, name: string): string | undefined {
  const path = absolute(name, process.directory)
  if (does === 'read') {
    const file = fileAt(run.files, path)
    if (file === undefined && path !== '/dev/null') return `can't open ${name}: no such file`
    process.stdin = file?.content ?? ''
    return undefined
  }
  const sink = DEVICES[path] ?? { to: 'file' as const, path }
  if (sink.to === 'file') {
    const why = refusal(run.files, path)
    if (why !== undefined) return `can't create ${name}: ${why}`
    if (does === 'write' || fileAt(run.files, path) === undefined) setFile(run, path, textFile(''))
  }
  if (descriptor === 2) process.err = sink
  else process.out = sink
  return undefined
}

const DEVICES: Readonly<Record<string, Sink>> = {
  '/dev/null': { to: 'nothing' },
  '/dev/stdout': { to: 'log', stream: 'stdout' },
  '/dev/stderr': { to: 'log', stream: 'stderr' },
  '/proc/1/fd/1': { to: 'log', stream: 'stdout' },
  '/proc/1/fd/2': { to: 'log', stream: 'stderr' },
}
