/** Rules for RBAC (pkg/apis/rbac/validation). */
import type { ApiObject } from '../../protocol/objects.ts'
import { sameJson } from '../go-text.ts'
import { complain, type Found, invalid, notSupported, required, Shown } from './causes.ts'
import { dns1123Subdomain, pathSegment } from './formats.ts'
import { shownStrings } from './go-values.ts'

interface PolicyRule {
  /** Lists that are required, and missing, are null on the wire. */
  readonly verbs?: readonly string[] | null
  readonly apiGroups?: readonly string[]
  readonly resources?: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly nonResourceURLs?: readonly string[]
}
interface Subject {
  readonly kind?: string
  readonly apiGroup?: string
  readonly name?: string
  readonly namespace?: string
}
interface RoleRef {
  readonly apiGroup?: string
  readonly kind?: string
  readonly name?: string
}
type Role = ApiObject & { readonly rules?: readonly PolicyRule[] }
type Binding = ApiObject & { readonly roleRef?: RoleRef; readonly subjects?: readonly Subject[] }

const GROUP = 'rbac.authorization.k8s.io'
const isNamespaced = ({ metadata }: ApiObject): boolean => (metadata.namespace ?? '') !== ''

export function checkRole(found: Found, role: Role): void {
  for (const [i, rule] of (role.rules ?? []).entries()) checkRule(found, `rules[${i}]`, rule, isNamespaced(role))
}

/** ValidatePolicyRule */
function checkRule(found: Found, field: string, rule: PolicyRule, namespaced: boolean): void {
  const [verbs, apiGroups, resources] = [rule.verbs ?? [], rule.apiGroups ?? [], rule.resources ?? []]
  const [resourceNames, nonResourceURLs] = [rule.resourceNames ?? [], rule.nonResourceURLs ?? []]
  if (verbs.length === 0) found.push(required(`${field}.verbs`, 'verbs must contain at least one value'))
  if (nonResourceURLs.length > 0) {
    const wrong = (detail: string): void =>
      void found.push(invalid(`${field}.nonResourceURLs`, shownStrings(nonResourceURLs), detail))
    if (namespaced) wrong('namespaced rules cannot apply to non-resource URLs')
    if (apiGroups.length + resources.length + resourceNames.length > 0)
      wrong('rules cannot apply to both regular resources and non-resource URLs')
    return
  }
  if (apiGroups.length === 0)
    found.push(required(`${field}.apiGroups`, 'resource rules must supply at least one api group'))
  if (resources.length === 0)
    found.push(required(`${field}.resources`, 'resource rules must supply at least one resource'))
}

export function checkBinding(found: Found, binding: Binding): void {
  const { apiGroup = '', kind = '', name = '' } = binding.roleRef ?? {}
  const namespaced = isNamespaced(binding)
  const kinds = namespaced ? ['Role', 'ClusterRole'] : ['ClusterRole']
  if (apiGroup !== GROUP) found.push(notSupported('roleRef.apiGroup', apiGroup, [GROUP]))
  if (!kinds.includes(kind)) found.push(notSupported('roleRef.kind', kind, kinds))
  if (name === '') found.push(required('roleRef.name'))
  else complain(found, 'roleRef.name', name, pathSegment(name))
  for (const [i, subject] of (binding.subjects ?? []).entries())
    checkSubject(found, `subjects[${i}]`, subject, namespaced)
}

export function checkBindingUpdate(found: Found, next: Binding, was: Binding): void {
  checkBinding(found, next)
  if (sameJson(next.roleRef ?? null, was.roleRef ?? null)) return
  const { apiGroup = '', kind = '', name = '' } = next.roleRef ?? {}
  const [group, of, called] = [apiGroup, kind, name].map((text) => JSON.stringify(text))
  const shown = new Shown(`rbac.RoleRef{APIGroup:${group}, Kind:${of}, Name:${called}}`)
  found.push(invalid('roleRef', shown, 'cannot change roleRef'))
}

function checkSubject(found: Found, field: string, subject: Subject, namespaced: boolean): void {
  const { kind = '', apiGroup = '', name = '', namespace = '' } = subject
  if (name === '') found.push(required(`${field}.name`))
  if (kind === 'ServiceAccount') {
    if (name !== '') complain(found, `${field}.name`, name, dns1123Subdomain(name))
    if (apiGroup !== '') found.push(notSupported(`${field}.apiGroup`, apiGroup, ['']))
    if (!namespaced && namespace === '') found.push(required(`${field}.namespace`))
  } else if (kind === 'User' || kind === 'Group') {
    if (apiGroup !== GROUP) found.push(notSupported(`${field}.apiGroup`, apiGroup, [GROUP]))
  } else found.push(notSupported(`${field}.kind`, kind, ['ServiceAccount', 'User', 'Group']))
}
