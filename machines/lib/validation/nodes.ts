/** Rules for Nodes. */
import type { core, Node } from '../../protocol/objects.ts'
import { sameJson } from '../go-text.ts'
import { checkCidr } from './addresses.ts'
import { EFFECTS } from './affinity.ts'
import { duplicate, type Found, forbidden, invalid, oneOf } from './causes.ts'
import { labelValue } from './formats.ts'
import { shownStrings, shownTaint } from './go-values.ts'
import { checkLabelName } from './labels.ts'
import { checkQuantity } from './resources.ts'

export function checkNode(found: Found, node: Node): void {
  checkTaints(found, node.spec?.taints ?? [])
  checkAmounts(found, node)
  const ranges = (node.spec as { podCIDRs?: readonly string[] } | undefined)?.podCIDRs ?? []
  for (const [i, range] of ranges.entries()) checkCidr(found, `spec.podCIDRs[${i}]`, range)
  if (ranges.length > 2)
    found.push(invalid('spec.podCIDRs', shownStrings(ranges), 'may specify no more than one CIDR for each IP family'))
}

function checkTaints(found: Found, taints: readonly core.Taint[]): void {
  const seen = new Set<string>()
  for (const [i, taint] of taints.entries()) {
    const at = `metadata.taints[${i}]`
    checkLabelName(found, `${at}.key`, taint.key)
    const complaints = labelValue(taint.value ?? '')
    if (complaints.length > 0) found.push(invalid(`${at}.value`, taint.value, complaints.join(';')))
    oneOf(found, `${at}.effect`, taint.effect, EFFECTS)
    const key = `${taint.key} ${taint.effect}`
    if (seen.has(key)) found.push(duplicate(at, shownTaint(taint), 'taints must be unique by key and effect pair'))
    seen.add(key)
  }
}

function checkAmounts(found: Found, { status }: Node): void {
  for (const kind of ['capacity', 'allocatable'] as const) {
    const amounts = (status?.[kind] ?? {}) as Readonly<Record<string, string>>
    for (const name in amounts) checkQuantity(found, `status.${kind}.${name}`, name, amounts[name] as string)
  }
}

/** ValidateNodeUpdate, behind the metadata. */
export function checkNodeUpdate(found: Found, next: Node, was: Node): void {
  checkAmounts(found, next)
  const [now, before] = [next.spec ?? {}, was.spec ?? {}] as { podCIDRs?: readonly string[]; providerID?: string }[]
  const ranges = before?.podCIDRs ?? []
  if (ranges.length > 0 && !sameJson(now?.podCIDRs ?? [], ranges)) {
    found.push(forbidden('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid'))
  }
  if (before?.providerID && now?.providerID !== before.providerID) {
    found.push(forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid'))
  }
  checkTaints(found, next.spec?.taints ?? [])
}
