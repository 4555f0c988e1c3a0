import { expect, test } from 'vitest'
import { eventCells } from '../../../../../machines/lib/table/event-row.ts'
import type { Json } from '../recordings.ts'

const NOW = Date.UTC(2026, 0, 1)
const of = (object: Json): never =>
  ({ metadata: { name: 'x', creationTimestamp: '2025-12-31T23:59:00Z' }, ...object }) as never

test('an Event shows when it was seen last', () => {
  const event = {
    type: 'Normal',
    reason: 'Pulled',
    message: ' hello ',
    involvedObject: { kind: 'Pod', name: 'p', fieldPath: 'spec' },
    source: { component: 'kubelet', host: 'n1' },
    firstTimestamp: '2025-12-31T23:50:00Z',
    lastTimestamp: '2025-12-31T23:59:30Z',
    count: 5,
  }
  expect(eventCells(of(event), NOW)).toEqual([
    '30s',
    'Normal',
    'Pulled',
    'pod/p',
    'spec',
    'kubelet, n1',
    'hello',
    '10m',
    5,
    'x',
  ])
  const newer = {
    regarding: { kind: 'Pod' },
    note: 'n',
    eventTime: '2025-12-31T23:59:30Z',
    reportingController: 'c',
    series: { count: 3, lastObservedTime: '2025-12-31T23:59:59Z' },
  }
  expect(eventCells(of(newer), NOW)).toEqual(['1s', '', '', 'pod', '', 'c', 'n', '30s', 3, 'x'])
})
