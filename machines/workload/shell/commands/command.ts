/** What a program of the container is told when it is run, and what it may answer. */
import { absolute, fileAt } from '../../files.ts'
import type { Blocked, Process, Run, Working } from '../process.ts'
import { say } from '../process.ts'

export interface Invocation {
  readonly run: Run
  readonly process: Working<Process>
  /** Its name, then its arguments. */
  readonly argv: readonly string[]
}
/** An exit code; or what it waits for (then the code comes with the end of that); or nothing: it left frames behind. */
export type Outcome = number | Blocked | undefined
export type Program = (invocation: Invocation) => Outcome
export type Programs = Readonly<Record<string, Program>>

export const out = ({ run, process }: Invocation, text: string): void => say(run, process.out, text)
/** Complains as BusyBox does, and fails. */
export function complain({ run, process, argv }: Invocation, text: string, status = 1): number {
  say(run, process.err, `${argv[0] as string}: ${text}\n`)
  return status
}

export const pathIn = ({ process }: Invocation, path: string): string => absolute(path, process.directory)
export const contentOf = (invocation: Invocation, path: string): string | undefined => {
  const file = fileAt(invocation.run.files, pathIn(invocation, path))
  return file?.kind === 'file' ? file.content : undefined
}
export const operands = ({ argv }: Invocation): readonly string[] => argv.slice(1).filter((each) => !/^-./.test(each))
export const flags = ({ argv }: Invocation): string =>
  argv
    .slice(1)
    .filter((each) => /^-[A-Za-z]/.test(each))
    .join('')

/** All lines of the named files, or of the standard input. */
export function input(invocation: Invocation, paths: readonly string[]): readonly [text: string, status: number] {
  if (paths.length === 0) return [invocation.process.stdin, 0]
  let [text, status] = ['', 0]
  for (const path of paths) {
    const content = path === '-' ? invocation.process.stdin : contentOf(invocation, path)
    if (content !== undefined) text += content
    else status = complain(invocation, `can't open '${path}': No such file or directory`)
  }
  return [text, status]
}

export const linesOf = (text: string): string[] => {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}
