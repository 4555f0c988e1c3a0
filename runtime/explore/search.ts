/** Every way a small world can go, to the end: breadth first, so that what is found is found by a shortest path. */
import type { Fingerprints } from '../fingerprint.ts'
import type { Operation, World } from '../world.ts'
import { type Choice, enabled, type Timing, taken } from './choices.ts'
import { fingerprint } from './identity.ts'

export interface Question {
  readonly timing: Timing
  /** Faults that may strike at this moment; they should run out, or the world never ends. */
  readonly faults?: (world: World) => readonly Operation[]
  /** What must hold in every world: a sentence when it does not. */
  readonly invariant?: (world: World) => string | undefined
  /** Worlds beyond which nobody looks: bounds the search. */
  readonly beyond?: (world: World) => boolean
  /** How a world is known again. */
  readonly fingerprints?: Fingerprints
  /** Gives up after so many worlds. */
  readonly limit?: number
}

export interface Explored {
  readonly states: number
  readonly steps: number
  /** Worlds in which nothing more can happen. */
  readonly ends: number
  /** Whether everything was seen. */
  readonly complete: boolean
  readonly violation: Violation | undefined
}
export interface Violation {
  readonly sentence: string
  readonly path: readonly Choice[]
  readonly world: World
}

interface Reached {
  readonly world: World
  readonly path: Path | undefined
}
interface Path {
  readonly choice: Choice
  readonly before: Path | undefined
}

/** @returns the counts, and the first violation by a shortest path; the search ends with it. */
export function explore(start: World, question: Question): Explored {
  const { timing, limit = 1_000_000 } = question
  const known = new Set([fingerprint(start, timing, question.fingerprints)])
  let frontier: Reached[] = [{ world: start, path: undefined }]
  let [steps, ends] = [0, 0]
  const found = (violation: Violation | undefined, complete: boolean): Explored => ({
    states: known.size,
    steps,
    ends,
    complete,
    violation,
  })
  while (frontier.length > 0) {
    const next: Reached[] = []
    for (const { world, path } of frontier) {
      const sentence = question.invariant?.(world)
      if (sentence !== undefined) return found({ sentence, path: unrolled(path), world }, false)
      const choices = choicesOf(world, question)
      if (choices.length === 0) ends++
      for (const choice of choices) {
        const after = taken(world, choice, timing)
        steps++
        const print = fingerprint(after, timing, question.fingerprints)
        if (known.has(print)) continue
        known.add(print)
        next.push({ world: after, path: { choice, before: path } })
      }
      if (known.size >= limit) return found(undefined, false)
    }
    frontier = next
  }
  return found(undefined, true)
}

/** What may happen in a world, as the question has it. */
export function choicesOf(world: World, { timing, faults, beyond }: Question): readonly Choice[] {
  if (beyond?.(world) === true) return []
  const strikes = (faults?.(world) ?? []).map((operation): Choice => ({ kind: 'fault', operation }))
  return [...enabled(world, timing), ...strikes]
}

function unrolled(path: Path | undefined): Choice[] {
  const choices: Choice[] = []
  for (let at = path; at !== undefined; at = at.before) choices.unshift(at.choice)
  return choices
}
