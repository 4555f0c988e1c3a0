/** The row of an Event, of either group (printEvent). */
import type { Event } from '../../protocol/objects.ts'
import { age } from './age.ts'
import type { Cell } from './rows.ts'

/** The newer group calls the same fields otherwise. */
type Newer = {
  readonly regarding?: Event['involvedObject']
  readonly note?: string
  readonly reportingController?: string
  readonly deprecatedSource?: Event['source']
  readonly deprecatedFirstTimestamp?: string
  readonly deprecatedLastTimestamp?: string
  readonly deprecatedCount?: number
}

export function eventCells(event: Event & Newer, now: number): readonly Cell[] {
  const regarding = event.involvedObject ?? event.regarding ?? {}
  const source = event.source ?? event.deprecatedSource ?? {}
  const { firstSeen, lastSeen } = times(event, now)
  const count = event.series?.count ?? (event.count || event.deprecatedCount || 1)
  const kind = (regarding.kind ?? '').toLowerCase()
  const component = source.component || event.reportingComponent || event.reportingController || ''
  const instance = source.host || event.reportingInstance || ''
  return [
    lastSeen,
    event.type ?? '',
    event.reason ?? '',
    regarding.name ? `${kind}/${regarding.name}` : kind,
    regarding.fieldPath ?? '',
    instance === '' ? component : `${component}, ${instance}`,
    (event.message ?? event.note ?? '').trim(),
    firstSeen,
    count,
    event.metadata.name,
  ]
}

function times(event: Event & Newer, now: number): { readonly firstSeen: string; readonly lastSeen: string } {
  const first = (event.firstTimestamp ?? event.deprecatedFirstTimestamp ?? event.eventTime) as string | undefined
  const last = (event.lastTimestamp ?? event.deprecatedLastTimestamp ?? first) as string | undefined
  const observed = event.series === undefined ? last : (event.series.lastObservedTime as string | undefined)
  return { firstSeen: age(first, now), lastSeen: age(observed, now) }
}
