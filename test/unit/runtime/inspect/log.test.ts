import { expect, test } from 'vitest'
import { logLine } from '../../../../runtime/inspect/log.ts'
import type { TraceRecord } from '../../../../runtime/trace.ts'

const RECORD: TraceRecord = {
  n: 3,
  at: 1.5,
  from: 'one/a',
  to: 'two/b',
  machine: 'two',
  event: { type: 'hello' },
  before: undefined,
  after: 'awake',
  effects: [],
  cause: 2,
}

test('a record is one line of JSON that holds all of it', () => {
  const line = logLine({ ...RECORD, event: { type: 'hello', text: 'two\nlines' } as never })
  expect(line).not.toContain('\n')
  expect(JSON.parse(line)).toEqual({
    ...{ n: 3, at: 1.5, from: 'one/a', to: 'two/b', machine: 'two', after: 'awake', effects: [], cause: 2 },
    event: { type: 'hello', text: 'two\nlines' },
  })
})

test('a big value that marks itself as a view is named, not written out', () => {
  const view = { view: 'pods@17', objects: Array.from({ length: 1_000 }, (_, i) => i) }
  const line = logLine({ ...RECORD, event: { type: 'synced', cache: { pods: view } } as never })
  expect(line).toContain('"cache":{"pods":"pods@17"}')
  expect(line.length).toBeLessThan(200)
  expect(logLine({ ...RECORD, event: { type: 'looked', view: 5 } as never })).toContain('"view":5')
})
