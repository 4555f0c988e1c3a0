/** Rules for PriorityClasses (pkg/apis/scheduling/validation). */
import type { ApiObject } from '../../protocol/objects.ts'
import { type Found, forbidden, IMMUTABLE, invalid, notSupported } from './causes.ts'

export interface PriorityClass extends ApiObject {
  readonly value?: number
  readonly preemptionPolicy?: string
}

const HIGHEST = 1_000_000_000
const SYSTEM: Readonly<Record<string, number>> = {
  'system-node-critical': 2_000_001_000,
  'system-cluster-critical': 2_000_000_000,
}
const POLICIES = ['PreemptLowerPriority', 'Never']

export function checkPriorityClass(found: Found, { metadata, value = 0, preemptionPolicy }: PriorityClass): void {
  const { name } = metadata
  if (name.startsWith('system-')) {
    const error = systemComplaint(name, value)
    if (error !== undefined) found.push(forbidden('metadata.name', `${RESERVED}. error: ${error}`))
  } else if (value > HIGHEST) {
    found.push(forbidden('value', `maximum allowed value of a user defined priority is ${HIGHEST}`))
  }
  if (preemptionPolicy !== undefined && !POLICIES.includes(preemptionPolicy))
    found.push(notSupported('preemptionPolicy', preemptionPolicy, POLICIES))
}
const RESERVED = "priority class names with 'system-' prefix are reserved for system use only"

function systemComplaint(name: string, value: number): string | undefined {
  const known = SYSTEM[name]
  if (known === undefined) return `${name} is not a known system priority class`
  return known === value ? undefined : `value of ${name} PriorityClass must be ${known}`
}

/** ValidatePriorityClassUpdate: behind the metadata nothing else is looked at. */
export function checkPriorityClassUpdate(found: Found, next: PriorityClass, was: PriorityClass): void {
  if (next.value !== was.value) found.push(forbidden('value', 'may not be changed in an update.'))
  if (next.preemptionPolicy !== was.preemptionPolicy)
    found.push(invalid('preemptionPolicy', next.preemptionPolicy, IMMUTABLE))
}
