/** The examination of every controller, with each disturbance at every step. */
import { examine } from '../../machines/cluster/examination/examine.ts'
import { isExcused } from '../examination/excused.ts'
import { examOf, WORLDS } from '../examination/worlds.ts'
import { type Outcome, Shown } from './outcome.ts'

export function examineAll(outcome: Outcome, only: readonly string[] | undefined): void {
  const shown = new Shown()
  for (const name of Object.keys(WORLDS).filter((each) => only === undefined || only.includes(each))) {
    let count = 0
    const progress = (words: string): void => {
      count++
      shown.now(() => `${name}: run ${count}, ${words}`)
    }
    const { runs, steps, failures } = examine(examOf(name), { progress })
    const real = failures.filter((failure) => !isExcused(name, failure))
    outcome.passed += runs - real.length
    outcome.failed += real.length
    for (const { words, how } of real) console.log([`${name}: ${words}`, ...how.map((each) => `  ${each}`)].join('\n'))
    const excused = failures.length - real.length
    console.log(
      `${name}: ${runs} runs at ${steps} steps, ${real.length} failed${excused ? `, ${excused} excused` : ''}`,
    )
  }
}
