/**
 * What a failure needs: the fewest faults, the fewest doings of the story, the least seed. Every try is a play of its own,
 * and only one that breaks in the same way counts: the same sentence, for no want of what was left out.
 */
import type { Cluster } from '../machines/cluster/cluster.ts'
import { afflict, type Struck } from '../machines/cluster/disturb.ts'
import type { ClusterOptions } from '../machines/cluster/options.ts'
import type { Played, PlayOptions } from '../machines/cluster/scenario.ts'
import type { LoadedScenario } from './load.ts'
import { playedHere } from './setting.ts'
import { tokenOf } from './token.ts'

export interface Failure {
  readonly seed: number
  /** The seed under which it was found. */
  readonly foundAt: number
  readonly broken: readonly string[]
  /** As few as are needed. */
  readonly faults: readonly Struck[]
  /** How many there were before those that are not needed were left out. */
  readonly struck: number
  /** How many things the story did, and how many of them are needed. */
  readonly doings: number
  readonly done: number
  readonly token: string
}
export type How = Pick<PlayOptions, 'linearizable' | 'settles'>
export type Disturbed = Played & { readonly struck: readonly Struck[] }

interface Case {
  readonly played: Played
  readonly seed: number
  readonly struck: readonly Struck[]
  readonly without: ReadonlySet<number>
}
type Try = (change: Partial<Omit<Case, 'played'>>) => boolean

/** So many plays are enough to look for what a story need not do, and so many seeds are tried. */
const MOST_PLAYS = 100
const LEAST_SEEDS = 3
/** So much sooner may come what comes at the same time, where less is done. */
const A_MOMENT_MS = 1_000
const NOTHING: ReadonlySet<number> = new Set()

export function simplest(
  scenario: LoadedScenario,
  said: Partial<ClusterOptions>,
  found: Disturbed,
  how: How,
  progress: (text: string) => void = () => {},
): Failure {
  let best: Case = { played: found, seed: found.seed, struck: found.struck, without: NOTHING }
  let plays = 0
  const isStill: Try = (change) => {
    const { seed, struck, without } = { ...best, ...change }
    const replayed = (faults: readonly Struck[]): Played | undefined => {
      const before = (cluster: Cluster): void => afflict(cluster, faults)
      progress(`seed ${found.seed} breaks it; looking for what is needed, play ${++plays}`)
      return again(scenario, said, { ...how, seed, script: { without, begin: found.begun }, before })
    }
    const played = replayed(struck)
    if (played === undefined || kindOf(played) !== kindOf(found)) return false
    const one: Case = { played, seed, struck, without }
    if (!isForNoWant(found, one, () => replayed([]))) return false
    best = one
    return true
  }
  for (const fault of found.struck.toReversed()) isStill({ struck: best.struck.filter((each) => each !== fault) })
  withoutDoings(() => best, isStill)
  for (let seed = 1; seed < Math.min(found.seed, LEAST_SEEDS + 1); seed++) if (isStill({ seed })) break
  return failureOf(best, found)
}

/** Halves first, then smaller and smaller parts, the last doings first. */
function withoutDoings(best: () => Case, isStill: Try): void {
  const count = best().played.begun.length
  let left = MOST_PLAYS
  for (const size of sizesFor(count))
    for (let from = count - size; from > -size && left > 0; from -= size) {
      const part = Array.from({ length: size }, (_, i) => from + i).filter((i) => i >= 0 && !best().without.has(i))
      if (part.length === 0) continue
      left--
      isStill({ without: new Set([...best().without, ...part]) })
    }
}

function sizesFor(count: number): readonly number[] {
  const sizes: number[] = []
  for (let size = count; size > 1; ) {
    size = Math.ceil(size / 2)
    sizes.push(size)
  }
  return sizes
}

/** A story from which something was taken may trip over what is missing: that is another failure. */
function again(scenario: LoadedScenario, said: Partial<ClusterOptions>, how: PlayOptions): Played | undefined {
  try {
    return playedHere(scenario, said, how)
  } catch {
    return undefined
  }
}

/**
 * Is it not what was left out that is missing? A machine has to keep its promises whatever the story does. What the story
 * itself says may be about the very thing: then it has to hold of the rest in fine weather. If it does not even hold there
 * of the whole, an `always` has to hold until then, and of the doings before a vain wait all but waits are needed.
 */
function isForNoWant(
  found: Disturbed,
  { played, struck, without }: Case,
  inFineWeather: () => Played | undefined,
): boolean {
  if (found.broke === 'promise' || without.size === 0) return true
  if (struck.length > 0) return kindOf(inFineWeather() ?? played) !== kindOf(found)
  if (found.broke === 'always') return played.cluster.now > found.cluster.now - A_MOMENT_MS
  return [...without].every((doing) => found.waits.has(doing))
}

/** The first sentence that does not hold, whenever and wherever. */
const kindOf = ({ broken }: Played): string | undefined => broken[0]?.replace(/\d[\d.]*|\(.*/g, '')

function failureOf({ played, seed, struck, without }: Case, found: Disturbed): Failure {
  const { broken, recording } = played
  const done = found.begun.length - without.size
  return {
    seed,
    foundAt: found.seed,
    broken,
    faults: struck,
    struck: found.struck.length,
    doings: found.begun.length,
    done,
    token: tokenOf(recording),
  }
}
