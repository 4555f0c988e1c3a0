/**
 * What is wrong with an object (422). Built-in kinds are judged by their own rules, as in the real server, which has no
 * general ones; own kinds by their structural schema. A kind without rules here has its metadata looked at.
 */
import type { ApiObject } from '../../protocol/objects.ts'
import type { ResourceFacts } from '../schema.ts'
import type { Cause, Found } from '../validation/causes.ts'
import { pathSegment } from '../validation/formats.ts'
import { checkMetadata, checkMetadataUpdate } from '../validation/metadata.ts'
import { checkStructure } from '../validation/structure.ts'
import { nameRuleOf, type Rules, remeta, rulesOf } from './rules.ts'

export type { Cause }

/** Everything wrong with a new object, in the order in which the server tells it. Nothing: `[]`. */
export function violations(resource: ResourceFacts, object: ApiObject): readonly Cause[] {
  const found: Found = []
  const rules = rulesOf(resource)
  if (rules.withoutMetadata !== true) {
    const standardFinalizers = isCore(resource)
    checkMetadata(found, object.metadata, {
      namespaced: resource.namespaced,
      name: nameRuleOf(resource, rules),
      standardFinalizers,
    })
  }
  if (resource.custom === true) checkStructure(found, resource.schema, object)
  else rules.create?.(found, object as never)
  return found
}

/**
 * Everything wrong with a change; with the subresource `status` only by the rules of status. The server looks at
 * metadata for any kind first, then again with the rules of the kind: the same cause may come twice.
 */
export function violationsOfUpdate(
  resource: ResourceFacts,
  next: ApiObject,
  was: ApiObject,
  subresource?: string,
): readonly Cause[] {
  const found: Found = []
  const rules = rulesOf(resource)
  const { namespaced, custom } = resource
  checkMetadata(found, next.metadata, { namespaced, name: pathSegment, standardFinalizers: false }, was.metadata)
  checkMetadataUpdate(found, next, was, false)
  if (rules.withoutMetadata !== true) checkMetadataUpdate(found, next, was, isCore(resource))
  if (custom === true) checkStructure(found, resource.schema, next)
  else if (subresource === 'status') rules.status?.(found, next as never, was as never)
  else {
    if (rules.metadataAgain === true) remeta(found, next, nameRuleOf(resource, rules), namespaced)
    const check = rules.update ?? (rules.create as Rules['update'])
    check?.(found, next as never, was as never)
  }
  return found
}

/** Kinds that the core API's own metadata rules apply to: all built-in ones but a few newer groups'. */
const isCore = ({ custom, group }: ResourceFacts): boolean => custom !== true && !NEWER.has(group)
const NEWER: ReadonlySet<string> = new Set([
  'coordination.k8s.io',
  'storage.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
])

/** errors.NewInvalid: `Deployment.apps "web" is invalid: spec.replicas: Invalid value: …`; of several a list. */
export function invalidMessage(
  kind: string,
  group: string,
  name: string,
  causes: readonly { readonly message: string; readonly field?: string }[],
): string {
  const texts = [
    ...new Set(
      causes.map(({ field, message }) => `${field === undefined || field === '' ? '<nil>' : field}: ${message}`),
    ),
  ]
  const all = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`
  return `${group === '' ? kind : `${kind}.${group}`} ${JSON.stringify(name)} is invalid: ${all}`
}
