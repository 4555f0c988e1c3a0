/** Rules for Events, Leases and RuntimeClasses. */
import type { Event, Lease } from '../../protocol/objects.ts'
import { complain, type Found, forbidden, IMMUTABLE, invalid, required } from './causes.ts'
import { dns1123Label, dns1123Subdomain, qualifiedName } from './formats.ts'

export function checkLease(found: Found, { spec }: Lease): void {
  const { leaseDurationSeconds, leaseTransitions, strategy, preferredHolder } = (spec ?? {}) as NonNullable<
    Lease['spec']
  > & {
    strategy?: string
    preferredHolder?: string
  }
  if (leaseDurationSeconds !== undefined && leaseDurationSeconds <= 0) {
    found.push(invalid('spec.leaseDurationSeconds', leaseDurationSeconds, 'must be greater than 0'))
  }
  if (leaseTransitions !== undefined && leaseTransitions < 0) {
    found.push(invalid('spec.leaseTransitions', leaseTransitions, 'must be greater than or equal to 0'))
  }
  if (preferredHolder && !strategy) {
    found.push(forbidden('spec.preferredHolder', 'may only be specified if `strategy` is defined'))
  }
}

export const checkRuntimeClass = (found: Found, { handler = '' }: { readonly handler?: string }): void =>
  complain(found, 'handler', handler, dns1123Label(handler))

export function checkRuntimeClassUpdate(
  found: Found,
  next: { readonly handler?: string },
  was: { readonly handler?: string },
): void {
  if (next.handler !== was.handler) found.push(invalid('handler', next.handler ?? '', IMMUTABLE))
}

const MISPLACED = 'does not match event.namespace'
const LONGEST: Readonly<Record<string, number>> = { reportingInstance: 128, action: 128, reason: 128, message: 1_024 }

/** legacyValidateEvent: an Event stands in the namespace of what it is about; metadata is not looked at. */
export function checkEvent(found: Found, event: Event): void {
  const namespace = event.metadata.namespace ?? ''
  const about = event.involvedObject?.namespace ?? ''
  const isNew = event.eventTime !== undefined && event.eventTime !== null
  if (about === '') {
    const isFree = namespace === '' || namespace === 'default' || (isNew && namespace === 'kube-system')
    if (!isFree) found.push(invalid('involvedObject.namespace', about, MISPLACED))
  } else if (!isNew && about !== namespace) found.push(invalid('involvedObject.namespace', about, MISPLACED))
  if (isNew) checkNew(found, event)
  complain(found, 'namespace', namespace, dns1123Subdomain(namespace))
}

function checkNew(found: Found, event: Event): void {
  const component = event.reportingComponent ?? ''
  if (component === '') found.push(required('reportingComponent'))
  complain(found, 'reportingComponent', component, qualifiedName(component))
  const texts = event as unknown as Readonly<Record<string, string | undefined>>
  for (const field of ['reportingInstance', 'action', 'reason', 'message']) {
    const text = texts[field] ?? ''
    if (text === '' && field !== 'message') found.push(required(field))
    const most = LONGEST[field] as number
    if (text.length > most) found.push(invalid(field, '', `can have at most ${most} characters`))
  }
}

/** Events of the newer group are strict (ValidateEventCreate); told by the fields' older names. */
export function checkStrictEvent(found: Found, event: Event): void {
  const given = event as unknown as Readonly<Record<string, unknown>>
  const regarding = (given.regarding ?? {}) as { namespace?: string }
  checkEvent(found, {
    ...event,
    involvedObject: regarding,
    message: given.note,
    reportingComponent: given.reportingController,
  } as Event)
  if (!event.eventTime) found.push(required('eventTime'))
  if (event.type !== 'Normal' && event.type !== 'Warning') {
    found.push(invalid('type', '', `has invalid value: ${event.type ?? ''}`))
  }
  for (const [field, older] of OLDER) if (given[field]) found.push(invalid(older, '', 'needs to be unset'))
}
const OLDER: readonly (readonly [string, string])[] = [
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
]
