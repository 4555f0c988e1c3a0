/** How a command ends when it does not end well. */
import { BadManifests } from '../machines/cluster/cluster.ts'
import { KubectlFailed } from '../machines/cluster/kubectl.ts'
import { BadOptions } from '../machines/cluster/options.ts'
import { MachineCrashed } from '../runtime/world.ts'

export const EXIT = { fine: 0, broken: 1, badInput: 2 } as const

/** The user's input is wrong: says where and what to write instead. Nothing was done. */
export class BadInput extends Error {}

/** Errors of the library that are the user's to mend, as such. */
export function understood(error: unknown): unknown {
  if (error instanceof BadManifests || error instanceof BadOptions) return new BadInput(error.message)
  return error
}

/** One or more lines on stderr; a stack only for what nobody expected. */
export function complain(error: unknown): void {
  const expected = error instanceof BadInput || error instanceof KubectlFailed || error instanceof MachineCrashed
  const text = expected
    ? (error as Error).message
    : error instanceof Error
      ? (error.stack ?? error.message)
      : String(error)
  process.stderr.write(`${text}\n`)
}
