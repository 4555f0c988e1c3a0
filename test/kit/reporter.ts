/**
 * What `npm test` prints: progress per file, every failure in full, every skip with its reason, how much of each chart
 * the tests have walked, and the closing line `N passed, N failed`.
 */

import type { SerializedError, TestCase, TestModule, TestRunEndReason } from 'vitest/node'
import { DefaultReporter } from 'vitest/node'
import type { Covered } from '../../runtime/coverage.ts'

interface ChartMeta {
  readonly chart?: string
  readonly covered?: Covered
}

export default class Reporter extends DefaultReporter {
  override onTestRunEnd(
    modules: readonly TestModule[],
    errors: readonly SerializedError[],
    reason: TestRunEndReason,
  ): void {
    super.onTestRunEnd(modules as TestModule[], errors as SerializedError[], reason)
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    for (const line of [...charts(tests), ...skips(tests)]) this.log(line)
    const broken = modules.filter((module) => module.state() === 'failed' && module.children.size === 0).length
    this.log(closing(tests, broken + errors.length))
  }
}

function closing(tests: readonly TestCase[], broken: number): string {
  const count = (state: string): number => tests.filter((test) => test.result().state === state).length
  const skipped = count('skipped')
  const more = skipped === 0 ? '' : `, ${skipped} skipped`
  return `${count('passed')} passed, ${count('failed') + broken} failed${more}`
}

function skips(tests: readonly TestCase[]): string[] {
  return tests.flatMap((test) => {
    const result = test.result()
    if (result.state !== 'skipped') return []
    return [`skipped: ${test.fullName}${result.note === undefined ? '' : `: ${result.note}`}`]
  })
}

function charts(tests: readonly TestCase[]): string[] {
  return tests.flatMap((test) => {
    const { chart, covered } = test.meta() as ChartMeta
    if (chart === undefined || covered === undefined) return []
    const { states, transitions } = covered
    return [
      `chart ${chart}: states ${states.taken}/${states.total}, transitions ${transitions.taken}/${transitions.total}`,
    ]
  })
}
