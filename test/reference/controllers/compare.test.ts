/** The comparison judged: what is recorded otherwise than it happened must be seen. */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { jsonOf, OWN_COPY } from '../folder.ts'
import { general } from './general.ts'
import { Replay } from './replay.ts'
import { delaysOf } from './timings.ts'
import { type Change, type Recorded, storyOf, type Trace } from './trace.ts'
import { judgedBy, matched } from './traces.ts'

const SCENARIOS = [
  'deployment/deploy-recreate',
  'deployment/deploy-progress-deadline',
  'replicaset/rs-min-ready',
  'replicaset/rs-slow-start-failing',
  'node-lifecycle/node-lost',
  'resourcequota/quota-recalc-terminating',
]

describe.each(SCENARIOS)('of %s', (path) => {
  const trace = jsonOf<Trace>(join(OWN_COPY, 'controllers/traces', `${path}.json`)) as Trace
  const delays = delaysOf(OWN_COPY)(trace)
  const { run, differences } = matched(trace, delays)
  const replay = new Replay(trace, run)
  const ours = general(replay.run(), replay.epoch)
  const seen = (recorded: Trace): readonly string[] =>
    judgedBy(ours, general(storyOf(recorded)), delays).map(({ text }) => text)

  test('nothing differs as it was recorded', () => {
    expect([...differences, ...replay.surprises, ...seen(trace)]).toEqual([])
  })
  test('a wrong reason is seen', () => {
    const [first, ...others] = trace.events.filter(({ component }) => component !== 'cidrAllocator')
    expect(
      seen({ ...trace, events: [{ ...(first as Trace['events'][0]), reason: 'Otherwise' }, ...others] }),
    ).not.toEqual([])
  })
  test('a wrong reason of a condition is seen', () => {
    const reasons = [...new Set(JSON.stringify(trace.objects).match(/"reason":"\w+"/g))]
    for (const reason of reasons) {
      const objects = JSON.parse(JSON.stringify(trace.objects).replaceAll(reason, '"reason":"Otherwise"')) as Recorded[]
      expect(seen({ ...trace, objects }), reason).not.toEqual([])
    }
  })
  test('a missing object, and one too many, are seen', () => {
    for (const each of trace.objects) {
      const others = trace.objects.filter((other) => other !== each)
      expect(seen({ ...trace, objects: others }), each.name).not.toEqual([])
      expect(seen({ ...trace, objects: [...trace.objects, each] }), each.name).not.toEqual([])
    }
  })
  test('a missing write is seen', () => {
    for (const [each, i] of writes(trace)) {
      const history = each.history.filter((_, k) => k !== i)
      expect(seen(withHistory(trace, each, history)), `${each.name} ${i}`).not.toEqual([])
    }
  })
  test('a swapped order is seen', () => {
    for (const [each, i] of writes(trace)) {
      const history = swapped(each.history, i)
      if (history !== undefined) expect(seen(withHistory(trace, each, history)), `${each.name} ${i}`).not.toEqual([])
    }
  })
  test('a timer off by two seconds is seen', () => {
    for (const by of [-2, 2])
      for (const [each, i] of writes(trace)) {
        const history = each.history.map((change, k) => (k < i ? change : { ...change, t: change.t + by }))
        expect(seen(withHistory(trace, each, history)), `${each.name} ${i} ${by}`).not.toEqual([])
      }
  })
})

test.each(['deployment/deploy-progress-deadline', 'replicaset/rs-slow-start-failing', 'node-lifecycle/node-lost'])(
  'in %s a delay that timings.json names is seen when it is off by less than a second',
  (path) => {
    const trace = jsonOf<Trace>(join(OWN_COPY, 'controllers/traces', `${path}.json`)) as Trace
    const delays = delaysOf(OWN_COPY)(trace)
    const { run } = matched(trace, delays)
    const replay = new Replay(trace, run)
    const ours = general(replay.run(), replay.epoch)
    const late = <T extends { readonly t: number }>(each: T): T => (each.t < 5 ? each : { ...each, t: each.t + 0.7 })
    const objects = trace.objects.map((each) => ({ ...each, history: each.history.map(late) }))
    const shifted = { ...trace, objects, events: trace.events.map(late) }
    expect(judgedBy(ours, general(storyOf(shifted)), delays)).not.toEqual([])
  },
)

/** The changes of what is wanted and of what holds an object: a deletion, a taint, a size. */
const writes = ({ objects }: Trace): readonly (readonly [Recorded, number])[] =>
  objects.flatMap((each) => each.history.flatMap((change, i) => (i > 0 && isWrite(change) ? [[each, i] as const] : [])))
const isWrite = ({ type, patch }: Change): boolean =>
  type === 'DELETED' ||
  (patch !== undefined && ('spec' in patch || 'deletionTimestamp' in ((patch['metadata'] ?? {}) as object)))

const withHistory = (trace: Trace, one: Recorded, history: readonly Change[]): Trace => ({
  ...trace,
  objects: trace.objects.map((each) => (each === one ? { ...one, history } : each)),
})

/** Two changes of one field, the later one first. */
function swapped(history: readonly Change[], i: number): readonly Change[] | undefined {
  const later = history.findIndex((change, k) => k > i && isWrite(change) && change.type !== 'DELETED')
  const [a, b] = [history[i], history[later]]
  if (a === undefined || b === undefined || a.type === 'DELETED' || fieldsOf(a) !== fieldsOf(b)) return undefined
  if (JSON.stringify(a.patch) === JSON.stringify(b.patch)) return undefined
  return history.map((change, k) => {
    if (k === i) return { ...a, patch: b.patch as NonNullable<typeof b.patch> }
    return k === later ? { ...b, patch: a.patch as NonNullable<typeof a.patch> } : change
  })
}
const fieldsOf = ({ patch }: Change): string => Object.keys((patch?.['spec'] ?? {}) as object).join()
