/** Every story in bad weather, under one seed after the other. What breaks is made simple and can be seen again. */
import { checked } from '../../cli/check.ts'
import { fileOf, STORIES, WEATHER } from '../scenarios/weather.ts'
import { type Outcome, Shown } from './outcome.ts'

export interface Wanted {
  readonly seeds: number
  readonly from: number
  /** Names of stories; all when none is named. */
  readonly only: readonly string[] | undefined
}

export function playAll(outcome: Outcome, { seeds, from, only }: Wanted): void {
  const names = Object.keys(STORIES).filter((name) => only === undefined || only.includes(name))
  const shown = new Shown()
  for (const name of names) {
    const before = outcome.failed
    const seen: Record<string, boolean> = {}
    for (let seed = from; seed < from + seeds; seed++) {
      for (const [sentence, was] of Object.entries(played(outcome, name, seed))) seen[sentence] ||= was
      shown.now(() => `${name}: ${seed + 1 - from} of ${seeds} seeds, ${outcome.failed - before} failed`)
    }
    for (const [sentence, was] of Object.entries(seen)) if (!was) fail(outcome, `${name}: never seen: ${sentence}`)
    console.log(`${name}: ${seeds} seeds, ${outcome.failed - before} failed`)
  }
}

/** @returns which of the story's `sometimes` were seen */
function played(outcome: Outcome, name: string, seed: number): Readonly<Record<string, boolean>> {
  const story = STORIES[name]
  if (story === undefined) throw new Error(`there is no story ${name}`)
  const { everyMs: every, untilMs: until } = WEATHER
  const flags = { seeds: 1, seed, every, until, faults: ['all'], settles: true }
  const { failure, seen } = checked({ ...story, file: fileOf(name) }, flags)
  if (failure === undefined) {
    outcome.passed++
    return seen
  }
  const { broken, faults, struck, doings, done, token } = failure
  const lines = [
    `${name}: seed ${seed} breaks it`,
    ...broken.map((sentence) => `  ${sentence}`),
    `  ${faults.length} of ${struck} faults and ${done} of ${doings} doings are needed:`,
    ...faults.map(({ at, words }) => `    ${at} ms  ${words}`),
    `  orrery replay ${token}`,
  ]
  fail(outcome, lines.join('\n'))
  return {}
}

function fail(outcome: Outcome, text: string): void {
  outcome.failed++
  console.log(text)
}
