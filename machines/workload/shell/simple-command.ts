/** One command with its arguments: redirections, the search for the program, its run. */
import { builtins } from './commands/builtins.ts'
import type { Outcome, Program, Programs } from './commands/command.ts'
import { files } from './commands/files.ts'
import { system } from './commands/system.ts'
import { text } from './commands/text.ts'
import { Expansion } from './expansion.ts'
import { type Process, type Run, say, type Working } from './process.ts'
import { redirect } from './redirect.ts'
import type { SimpleCommand } from './syntax.ts'
import { lookupIn } from './variables.ts'

const PROGRAMS: Programs = { ...text, ...files, ...system, true: () => 0, false: () => 1 }

/** The program that is run by this name, with or without a path to the usual places. */
export function programNamed(name: string): Program | undefined {
  const base = name.replace(/^(?:\/usr)?(?:\/local)?\/s?bin\//, '')
  return Object.hasOwn(PROGRAMS, base) ? PROGRAMS[base] : undefined
}

export function perform(run: Run, process: Working<Process>, of: SimpleCommand, outputs: readonly string[]): void {
  const expansion = new Expansion(lookupIn(process), outputs)
  const assigned = of.assignments.map(({ name, word }) => [name, expansion.textOf(word)] as const)
  const argv = of.words.flatMap((word) => expansion.fieldsOf(word))
  const variables = process.variables
  process.variables = { ...variables, ...Object.fromEntries(assigned) }
  const why = redirect(run, process, of.redirects, expansion)
  if (why !== undefined) {
    say(run, process.err, `sh: ${why}\n`)
    process.status = 1
  } else if (argv.length === 0) process.status = outputs.length === 0 ? 0 : process.status
  else {
    take(process, outcome(run, process, argv))
    // Assignments in front of a command are for that command alone.
    if (assigned.length > 0 && process.frames.length > 0) process.variables = variables
  }
}

function take(process: Working<Process>, outcome: Outcome): void {
  if (typeof outcome === 'number') process.status = outcome
  else if (outcome !== undefined) process.blocked = outcome
}

function outcome(run: Run, process: Working<Process>, argv: readonly string[]): Outcome {
  const [name = ''] = argv
  const builtin = process.isShell && Object.hasOwn(builtins, name) ? builtins[name] : undefined
  const program = builtin ?? programNamed(name)
  if (program !== undefined) return program({ run, process, argv })
  if (run.hasOtherPrograms) return process.attached ? 0 : { on: 'nothing to come' }
  say(run, process.err, `sh: ${name}: not found\n`)
  return 127
}
