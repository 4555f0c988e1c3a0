/** Who goes next: what a script says, in the words of `inWords`. A path that a search has found is taken again by it. */
import { type Choice, enabled, inWords, type Timing, take } from '../explore/choices.ts'
import type { Operation, World } from '../world.ts'
import type { Driver } from './by-time.ts'

/** A sentence that names what happens, or something that is done from outside. */
export type Line = string | Operation

/** The script of a path: what to say to another world to have it go the same way. */
export const scriptOf = (path: readonly Choice[]): readonly Line[] =>
  path.map((choice) => (choice.kind === 'fault' ? choice.operation : inWords(choice)))

/**
 * Takes one line at each call and is at its end when the script is. It keeps its place: one driver for one world.
 * @throws when what a line says is not possible, with what is
 */
export function byScript(script: readonly Line[], timing: Timing = 'any'): Driver {
  let at = 0
  return (world) => {
    const line = script[at]
    if (line === undefined) return false
    if (typeof line === 'string') take(world, named(world, line, timing), timing)
    else world.operate(line)
    at++
    return true
  }
}

function named(world: World, words: string, timing: Timing): Choice {
  const choices = enabled(world, timing)
  const choice = choices.find((each) => inWords(each) === words)
  if (choice !== undefined) return choice
  throw new Error(`"${words}" is not possible here; possible are: ${choices.map(inWords).join('; ') || 'nothing'}`)
}
