/** The end of a process: who waits for it goes on; with the first process the whole container ends. */
import { type Process, processOf, type Run, type Working } from './process.ts'

export function finish(run: Run, process: Working<Process>, code: number): void {
  run.processes = run.processes.filter((each) => each !== process)
  if (process.pid === 1) {
    run.exitCode = code
    for (const each of run.processes) reportExec(run, each, 137)
    run.processes = []
    return
  }
  for (const orphan of run.processes) if (orphan.parent === process.pid) orphan.parent = 1
  const parent = processOf(run, process.parent)
  if (parent === undefined) reportExec(run, process, code)
  else tell(parent, process, code)
}

/** What was started from outside (by exec) tells its end to the outside. */
function reportExec(run: Run, { pid, parent, collected }: Process, exitCode: number): void {
  if (parent === 0 && pid !== 1) run.finished.push({ pid, exitCode, ...collected })
}

function tell(parent: Working<Process>, child: Process, code: number): void {
  parent.jobs = parent.jobs.map((job) => (job.pid === child.pid ? { ...job, status: code } : job))
  const { blocked } = parent
  if (blocked?.on === 'child' && blocked.pid === child.pid) {
    parent.blocked = undefined
    parent.status = code
    parent.received = child.collected.stdout
  } else if (blocked?.on === 'jobs' && blocked.pids.every((pid) => statusOf(parent, pid) !== undefined)) {
    parent.blocked = undefined
    parent.status = blocked.pids.length === 0 ? 0 : (statusOf(parent, blocked.pids.at(-1) as number) ?? 0)
  }
}

export const statusOf = ({ jobs }: Process, pid: number): number | undefined =>
  jobs.find((job) => job.pid === pid)?.status
