/** The states of one pod and the intervals between them, held against a recorded run. */
import type { Scenario, Sequence } from './scenario.ts'

/** No timer is off by two seconds and not seen: starts take 0.3 to 1.5 s, and most writes wait for the 1 s relist. */
const SECONDS = 1.5
/** Two container states that follow within so many seconds may be merged into one write. */
const MERGED_SECONDS = 1.1

export interface Stability {
  readonly name: string
  readonly category: string
  /** By pod (`pod` where there is one): of each step of the common sequence the times of both runs. */
  readonly times?: Readonly<Record<string, readonly (readonly [number, number])[]>>
  readonly secondRun?: Readonly<Record<string, Sequence>>
  readonly eventsOnlyInFirst?: readonly ToldEvent[]
  readonly eventsOnlyInSecond?: readonly ToldEvent[]
}
type ToldEvent = readonly [type: string, reason: string, message: string]
/** One run: what was seen of each pod, and each Event that was told, as one text. */
export interface Run {
  readonly sequences: Readonly<Record<string, Sequence>>
  readonly events: readonly string[]
}

/** The recorded run, and the second one, where there was one. */
export function runsOf(scenario: Scenario, stability: Stability | undefined): readonly Run[] {
  const names = scenario.pods.map(({ manifest }) => manifest.metadata.name)
  const first = Object.fromEntries(names.map((name) => [name, firstOf(scenario, name, name === names[0])]))
  const told = eventsIn(scenario)
  if (stability === undefined) return [{ sequences: first, events: told }]
  const { times = {}, secondRun = {}, eventsOnlyInFirst = [], eventsOnlyInSecond = [] } = stability
  const only = new Set(eventsOnlyInFirst.map(textOf))
  const key = (name: string): string => (names.length === 1 ? 'pod' : name)
  const second = Object.fromEntries(
    names.map((name) => {
      const own = secondRun[key(name)] ?? secondRun[name]
      const steps = times[key(name)] ?? times[name]
      return [name, own ?? (first[name] ?? []).map(([t, brief], i) => [steps?.[i]?.[1] ?? t, brief] as const)]
    }),
  )
  return [
    { sequences: first, events: told },
    { sequences: second, events: [...told.filter((text) => !only.has(text)), ...eventsOnlyInSecond.map(textOf)] },
  ]
}
const textOf = ([type, reason, message]: ToldEvent): string => `${type} ${reason}: ${message}`
const eventsIn = ({ timeline }: Scenario): readonly string[] =>
  timeline.flatMap(({ ev, op, type, reason, message }) =>
    ev === 'event' && op === 'ADDED' ? [`${type} ${reason}: ${message ?? ''}`] : [],
  )
const firstOf = ({ timeline }: Scenario, name: string, isFirst: boolean): Sequence =>
  timeline.flatMap(
    ({ ev, pod, t, brief }): Sequence =>
      ev === 'pod' && brief !== undefined && (pod === name || (pod === undefined && isFirst)) ? [[t, brief]] : [],
  )

export interface Difference {
  readonly text: string
  /** When ours was last the same, in seconds. */
  readonly sameUntil: number
  /** When the next state was to come. */
  readonly due: number
}

/** @returns the first difference; what the one left out just before, the other did not write just after. */
export function sequencesDiffer(ours: Sequence, theirs: Sequence): Difference | undefined {
  const [mine, wanted] = [distinct(ours), distinct(theirs)]
  let [i, k] = [0, 0]
  let [lastMine, lastWanted] = [0, 0]
  let leftOut: readonly string[] = []
  while (i < mine.length || k < wanted.length) {
    const [skipped, passed] = merged(mine, i, wanted, k)
    const before = leftOut
    leftOut = [...mine.slice(i, i + skipped), ...wanted.slice(k, k + passed)].map(([, brief]) => brief)
    i += skipped
    k += passed
    const [a, b] = [mine[i], wanted[k]]
    const isSwapped = leftOut.some((brief) => before.includes(brief))
    if (a === undefined || b === undefined || a[1] !== b[1] || isSwapped)
      return {
        text: `${shown(a)} is not ${shown(b)}`,
        sameUntil: lastMine,
        due: lastMine + (b?.[0] ?? lastWanted) - lastWanted,
      }
    const [own, their] = [a[0] - lastMine, b[0] - lastWanted]
    if (Math.abs(own - their) > SECONDS) {
      const text = `${b[1]} comes ${own.toFixed(1)} s after the state before, not ${their.toFixed(1)} s`
      return { text, sameUntil: lastMine, due: lastMine + their }
    }
    lastMine = a[0]
    lastWanted = b[0]
    i++
    k++
  }
  return undefined
}
const shown = (state: Sequence[number] | undefined): string =>
  state === undefined ? 'nothing' : `${state[0].toFixed(1)} s ${state[1]}`

/** How many states of the one or of the other were not written, because the next one followed at once. */
function merged(mine: Sequence, i: number, wanted: Sequence, k: number): readonly [number, number] {
  const ahead = (all: Sequence, from: number, brief: string | undefined): number => {
    let to = from
    while (all[to] !== undefined && all[to]?.[1] !== brief) {
      if (!isMerged(all, to)) return 0
      to++
    }
    return all[to] === undefined ? 0 : to - from
  }
  if (mine[i]?.[1] === wanted[k]?.[1]) return [0, 0]
  const skipped = ahead(mine, i, wanted[k]?.[1])
  return skipped > 0 ? [skipped, 0] : [0, ahead(wanted, k, mine[i]?.[1])]
}
const distinct = (all: Sequence): Sequence => all.filter(([, brief], i) => brief !== all[i - 1]?.[1])
/** A state of containers that is followed at once by the next may not have been written. */
function isMerged(all: Sequence, i: number): boolean {
  const [state, next] = [all[i], all[i + 1]]
  if (state === undefined || next === undefined || next[0] - state[0] > MERGED_SECONDS) return false
  return containersIn(state[1]) !== containersIn(next[1])
}
const containersIn = (brief: string): string | undefined => brief.split(' | ')[2]
