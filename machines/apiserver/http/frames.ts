/** The events of a watch as they stream over HTTP: one JSON object a line. */
import type { ResourceFacts } from '../../lib/schema.ts'
import type { WatchEvents, WatchFailed } from '../../protocol/api.ts'
import type { ApiObject } from '../../protocol/objects.ts'
import type { Form } from './words.ts'
import { inForm, statusBody } from './writing.ts'

/** @param begun whether something was written before: a Table tells its columns once */
export function framesOf(
  facts: ResourceFacts,
  form: Form,
  event: WatchEvents | WatchFailed,
  now: number,
  begun: boolean,
): string {
  if (event.type === 'watch.failed') return frame('ERROR', statusBody(event.status))
  if (event.changes.length === 0) return frame('BOOKMARK', inForm(facts, form, bookmark(facts, event), now, !begun))
  return event.changes
    .map(({ type, object }, i) => frame(type, inForm(facts, form, object, now, !begun && i === 0)))
    .join('')
}

const frame = (type: string, object: unknown): string => `${JSON.stringify({ type, object })}\n`

function bookmark({ apiVersion, kind }: ResourceFacts, { resourceVersion, initialEventsEnd }: WatchEvents): ApiObject {
  const annotations = initialEventsEnd === true ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}
  const metadata = { resourceVersion, creationTimestamp: null, ...annotations }
  return { kind, apiVersion, metadata: metadata as unknown as ApiObject['metadata'] }
}
