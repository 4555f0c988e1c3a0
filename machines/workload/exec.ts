/** Commands that are run in a container from outside: probes, hooks, `kubectl exec`. */
import { answer, type Decided, draw, wake } from '../../runtime/contract.ts'
import type { CriAnswered, CriFailed } from '../protocol/cri.ts'
import type { ContainerExecute } from '../protocol/workload.ts'
import { healthAt } from './behaviour.ts'
import { type Asker, type Life, scene, standing, took } from './life.ts'
import { notFound } from './program.ts'
import { executed, killed, understands } from './shell/shell.ts'

export function execute(
  life: Life,
  asker: Asker,
  { command, timeoutMs }: ContainerExecute,
  { at, dice }: { readonly at: number; readonly dice: number },
): Decided<Life> {
  if (!understands(command))
    return [{}, answer(asker.from, asker.call, unknownCommand(life, command, at, dice + asker.call))]
  const [shell, yielded, pid] = executed(standing(life, at), at, { ...scene(life), argv: command })
  const waiting = { ...life, execs: { ...life.execs, [pid]: asker } }
  const [change, effects] = took(waiting, [shell, yielded], at)
  const isOver = yielded.finished.some((each) => each.pid === pid)
  const timer =
    timeoutMs > 0 && !isOver ? [wake(`exec ${pid}`, timeoutMs, { type: 'exec.expired', pid, timeoutMs })] : []
  return [change, [effects, timer].flat()]
}

export function expired(life: Life, pid: number, timeoutMs: number, at: number): Decided<Life> {
  const asker = life.execs[pid]
  if (asker === undefined) return [{}, []]
  const [change, effects] = took(life, killed(standing(life, at), at, pid), at)
  const { [pid]: _, ...execs } = life.execs
  const error = `failed to exec in container: timeout ${timeoutMs / 1_000}s exceeded: context deadline exceeded`
  return [{ ...change, execs }, [effects, answer(asker.from, asker.call, failed('DeadlineExceeded', error))].flat()]
}

export const failed = (code: string, error: string): CriFailed => ({ type: 'cri.failed', code, error })

/** Programs that only the real image has are taken to do their work, as long as the whole is well. */
function unknownCommand(
  { program, startedAt }: Life,
  command: readonly string[],
  at: number,
  dice: number,
): CriAnswered | CriFailed {
  if (program.conduct.toolsOnly === true) {
    const id = [1, 2, 3, 4, 5, 6, 7, 8].map((i) => draw(dice, 'exec', i).toString(16).padStart(8, '0')).join('')
    const why = `OCI runtime exec failed: exec failed: ${notFound(command[0] ?? '')}`
    return failed('Unknown', `failed to exec in container: failed to start exec "${id}": ${why}`)
  }
  const exitCode = healthAt(program.conduct, at - startedAt) === 'well' ? 0 : 1
  return { type: 'cri.answered', reply: { exitCode, stdout: '', stderr: '' } }
}
