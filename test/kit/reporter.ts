/**
 * What `npm test` prints: progress per file, every failure in full, every skip with its reason, how much of each chart
 * its tests have walked and how much whole-cluster runs show alone, and the closing line `N passed, N failed`.
 */

import type { SerializedError, TestCase, TestModule, TestRunEndReason } from 'vitest/node'
import { DefaultReporter } from 'vitest/node'
import type { Covered } from '../../runtime/coverage.ts'

/** What tests leave for the reporter: `expectWhole` of a chart, and the runs of whole clusters. */
interface ChartMeta {
  readonly chart?: string
  readonly covered?: Covered
  readonly clusterRuns?: Readonly<Record<string, Covered>>
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
    const broken = modules.filter((module) => isBroken(module)).length
    this.log(closing(tests, broken + errors.length))
  }
}

/** Failed, though none of its tests did: it cannot be read, or what is to come before its tests threw. */
const isBroken = (module: TestModule): boolean =>
  module.state() === 'failed' && ![...module.children.allTests()].some((test) => test.result().state === 'failed')

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
  const metas = tests.map((test) => test.meta() as ChartMeta)
  const clusterRuns = Object.assign({}, ...metas.map((meta) => meta.clusterRuns)) as Record<string, Covered>
  const walked = new Map<string, Covered>()
  for (const { chart, covered } of metas) {
    if (chart === undefined || covered === undefined) continue
    const known = walked.get(chart)
    if (known === undefined || known.missing.length > covered.missing.length) walked.set(chart, covered)
  }
  return [...walked].map(([chart, covered]) => {
    const alone = clusterRuns[chart]
    return `chart ${chart}: tests ${inWords(covered)}${alone === undefined ? '' : `; cluster runs alone ${inWords(alone)}`}`
  })
}

const inWords = ({ states, transitions }: Covered): string =>
  `${states.taken}/${states.total} states, ${transitions.taken}/${transitions.total} transitions`
