/** Rules for where a pod may run: affinity, spread, tolerations. */
import type { core } from '../../protocol/objects.ts'
import { complain, duplicate, type Found, invalid, notSupported, required } from './causes.ts'
import { dns1123Label, labelValue } from './formats.ts'
import { checkLabelName, checkLabelSelector, checkRequirement } from './labels.ts'

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution'
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution'

export function checkAffinity(found: Found, field: string, affinity: core.Affinity | undefined): void {
  if (affinity === undefined) return
  if (affinity.nodeAffinity !== undefined) checkNodeAffinity(found, `${field}.nodeAffinity`, affinity.nodeAffinity)
  if (affinity.podAffinity !== undefined) checkPodAffinity(found, `${field}.podAffinity`, affinity.podAffinity)
  if (affinity.podAntiAffinity !== undefined)
    checkPodAffinity(found, `${field}.podAntiAffinity`, affinity.podAntiAffinity)
}

function checkNodeAffinity(found: Found, field: string, affinity: core.NodeAffinity): void {
  const terms = affinity[REQUIRED]?.nodeSelectorTerms ?? []
  if (affinity[REQUIRED] !== undefined && terms.length === 0) {
    found.push(required(`${field}.${REQUIRED}.nodeSelectorTerms`, 'must have at least one node selector term'))
  }
  for (const [i, term] of terms.entries()) checkNodeTerm(found, `${field}.${REQUIRED}.nodeSelectorTerms[${i}]`, term)
  for (const [i, { weight, preference }] of (affinity[PREFERRED] ?? []).entries()) {
    checkWeight(found, `${field}.${PREFERRED}[${i}].weight`, weight)
    checkNodeTerm(found, `${field}.${PREFERRED}[${i}].preference`, preference)
  }
}

function checkWeight(found: Found, field: string, weight: number): void {
  if (weight <= 0 || weight > 100) found.push(invalid(field, weight, 'must be in the range 1-100'))
}

function checkNodeTerm(
  found: Found,
  field: string,
  { matchExpressions = [], matchFields = [] }: core.NodeSelectorTerm,
): void {
  for (const [i, each] of matchExpressions.entries())
    checkRequirement(found, `${field}.matchExpressions[${i}]`, each, true)
  for (const [i, { key, operator, values = [] }] of matchFields.entries()) {
    const at = `${field}.matchFields[${i}]`
    if (operator !== 'In' && operator !== 'NotIn')
      found.push(invalid(`${at}.operator`, operator, 'not a valid selector operator'))
    else if (values.length !== 1) {
      found.push(
        required(`${at}.values`, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"),
      )
    }
    if (key !== 'metadata.name') found.push(invalid(`${at}.key`, key, 'not a valid field selector key'))
  }
}

function checkPodAffinity(found: Found, field: string, affinity: core.PodAffinity): void {
  for (const [i, term] of (affinity[REQUIRED] ?? []).entries()) checkPodTerm(found, `${field}.${REQUIRED}[${i}]`, term)
  for (const [i, { weight, podAffinityTerm }] of (affinity[PREFERRED] ?? []).entries()) {
    checkWeight(found, `${field}.${PREFERRED}[${i}].weight`, weight)
    checkPodTerm(found, `${field}.${PREFERRED}[${i}].podAffinityTerm`, podAffinityTerm)
  }
}

function checkPodTerm(found: Found, field: string, term: core.PodAffinityTerm): void {
  checkLabelSelector(found, `${field}.labelSelector`, term.labelSelector)
  checkLabelSelector(found, `${field}.namespaceSelector`, term.namespaceSelector)
  for (const name of term.namespaces ?? []) complain(found, `${field}.namespace`, name, dns1123Label(name))
  if (!term.topologyKey) found.push(required(`${field}.topologyKey`, 'can not be empty'))
  checkLabelName(found, `${field}.topologyKey`, term.topologyKey ?? '')
}

const ACTIONS = ['DoNotSchedule', 'ScheduleAnyway']
export function checkSpread(
  found: Found,
  field: string,
  constraints: readonly core.TopologySpreadConstraint[] | undefined,
): void {
  for (const [i, constraint] of (constraints ?? []).entries()) {
    const { maxSkew, topologyKey, whenUnsatisfiable, minDomains, labelSelector } = constraint
    const at = `${field}[${i}]`
    if (maxSkew <= 0) found.push(invalid(`${at}.maxSkew`, maxSkew, 'must be greater than zero'))
    if (!topologyKey) found.push(required(`${at}.topologyKey`, 'can not be empty'))
    if (!ACTIONS.includes(whenUnsatisfiable))
      found.push(notSupported(`${at}.whenUnsatisfiable`, whenUnsatisfiable, ACTIONS))
    const isRepeated = constraints
      ?.slice(i + 1)
      .some((other) => other.topologyKey === topologyKey && other.whenUnsatisfiable === whenUnsatisfiable)
    if (isRepeated)
      found.push(duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, `{${topologyKey}, ${whenUnsatisfiable}}`))
    if (minDomains !== undefined && minDomains <= 0)
      found.push(invalid(`${at}.minDomains`, minDomains, 'must be greater than zero'))
    if (minDomains !== undefined && whenUnsatisfiable !== 'DoNotSchedule') {
      const detail = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`
      found.push(invalid(`${at}.minDomains`, minDomains, detail))
    }
    checkLabelSelector(found, `${at}.labelSelector`, labelSelector)
  }
}

export const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']
export function checkTolerations(
  found: Found,
  field: string,
  tolerations: readonly core.Toleration[] | undefined,
): void {
  for (const [i, { key, operator = '', value = '', effect, tolerationSeconds }] of (tolerations ?? []).entries()) {
    const at = `${field}[${i}]`
    if (key) checkLabelName(found, `${at}.key`, key)
    else if (operator !== 'Exists') {
      const detail = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
      found.push(invalid(`${at}.operator`, operator, detail))
    }
    if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
      found.push(invalid(`${at}.effect`, effect ?? '', "effect must be 'NoExecute' when `tolerationSeconds` is set"))
    }
    checkOperator(found, `${at}.operator`, operator, value)
    if (effect && !EFFECTS.includes(effect)) found.push(notSupported(`${at}.effect`, effect, EFFECTS))
  }
}

function checkOperator(found: Found, field: string, operator: string, value: string): void {
  if (operator === 'Exists') {
    if (value !== '') found.push(invalid(field, value, "value must be empty when `operator` is 'Exists'"))
  } else if (operator !== '' && operator !== 'Equal') found.push(notSupported(field, operator, ['Equal', 'Exists']))
  else {
    const complaints = labelValue(value)
    if (complaints.length > 0) found.push(invalid(field, value, complaints.join(';')))
  }
}
