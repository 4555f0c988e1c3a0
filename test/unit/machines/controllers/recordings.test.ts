/** The real controllers as judges of ours. Where the recordings are is told by ORRERY_REFERENCE. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import { heard, recorded } from './comparing.ts'
import { Replay, type Trace } from './replay.ts'

const FOLDER = join(process.env['ORRERY_REFERENCE'] ?? 'test/reference', 'controllers', 'traces')
/** How many of a category are matched; it never falls. */
const FLOORS: Readonly<Record<string, number>> = { deployment: 22, replicaset: 8, replicationcontroller: 1 }

function isMatched(trace: Trace): boolean {
  const replay = new Replay(trace)
  const story = heard(replay.cluster, trace.namespace)
  replay.run()
  return isDeepStrictEqual(story(), recorded(trace))
}

describe.skipIf(!existsSync(FOLDER))('the recordings', () => {
  test.each(Object.entries(FLOORS))(
    'of %s are matched',
    (category, floor) => {
      const files = readdirSync(join(FOLDER, category))
      const traces = files.map((file) => JSON.parse(readFileSync(join(FOLDER, category, file), 'utf8')) as Trace)
      const missed = traces.filter((trace) => !isMatched(trace)).map(({ name }) => name)
      console.log(`controllers/${category}: matched ${traces.length - missed.length} of ${traces.length}`, missed)
      expect(traces.length - missed.length).toBeGreaterThanOrEqual(Math.min(floor, traces.length))
    },
    120_000,
  )
})

test('a replay that differs is seen', () => {
  const trace: Trace = { name: 'x', namespace: 'x', duration: 0.01, steps: [], objects: [], events: [], final: [] }
  expect(isMatched(trace)).toBe(true)
  const event = {
    type: 'Normal',
    reason: 'SuccessfulCreate',
    message: '',
    component: 'replicaset-controller',
    object: 'ReplicaSet/web',
  }
  expect(isMatched({ ...trace, events: [event] })).toBe(false)
})
