/** Signals, with the kernel's exception for the first process of a container: what it does not handle does not reach it. */
import { finish } from './ending.ts'
import { type Process, processOf, type Run, SIGNALS, type Signal, type Working } from './process.ts'

/** `from` is the sender's pid; 0 is the container runtime, outside. @returns whether there is such a process. */
export function signal(run: Run, pid: number, name: Signal, from: number): boolean {
  const process = processOf(run, pid)
  if (process === undefined) return false
  if (name === 'KILL') {
    if (pid !== 1 || from === 0) die(run, process, name)
    return true
  }
  const trap = process.traps[name]
  if (trap !== undefined) {
    if (trap !== '') receive(process, name)
  } else if (pid !== 1) die(run, process, name)
  return true
}

/** A shell runs its trap after the command in the foreground; only `wait` is cut short. */
function receive(process: Working<Process>, name: Signal): void {
  process.pending = [...process.pending, name]
  if (process.blocked?.on !== 'jobs') return
  process.blocked = undefined
  process.status = 128 + SIGNALS[name]
}

function die(run: Run, process: Working<Process>, name: Signal): void {
  finish(run, process, 128 + SIGNALS[name])
}
