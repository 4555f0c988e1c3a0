/** Rules for metadata of any object (apimachinery/pkg/api/validation/objectmeta.go), at creation and at update. */
import type { ApiObject, ObjectMeta } from '../../protocol/objects.ts'
import { complain, type Found, forbidden, IMMUTABLE, invalid, nonNegative, required } from './causes.ts'
import { dns1123Label, qualifiedName } from './formats.ts'
import { goStrings, shownOwner, shownOwners, shownStrings, shownTime } from './go-values.ts'
import { checkAnnotations, checkLabels } from './labels.ts'

/** The form of a name; of a `generateName` the trailing dash is masked first. */
export type NameRule = (name: string) => readonly string[]

export interface MetadataRules {
  readonly namespaced: boolean
  readonly name: NameRule
  /** Built-in kinds of the core allow no finalizers without a domain but their own. */
  readonly standardFinalizers: boolean
}

/** ValidateObjectMeta. @param was what is stored, at an update: parts that are the same were looked at when they came */
export function checkMetadata(
  found: Found,
  metadata: ObjectMeta,
  { namespaced, name, standardFinalizers }: MetadataRules,
  was?: ObjectMeta,
): void {
  const { generateName } = metadata
  if (generateName) complain(found, 'metadata.generateName', generateName, name(masked(generateName)))
  if (!metadata.name) found.push(required('metadata.name', 'name or generateName is required'))
  else complain(found, 'metadata.name', metadata.name, name(metadata.name))
  checkNamespace(found, metadata.namespace ?? '', namespaced)
  nonNegative(found, 'metadata.generation', metadata.generation)
  checkParts(found, metadata, was)
  checkFinalizers(found, metadata.finalizers ?? [])
  if (standardFinalizers) checkStandardFinalizers(found, 'metadata.finalizers', metadata.finalizers)
}

function checkParts(found: Found, metadata: ObjectMeta, was: ObjectMeta | undefined): void {
  const { labels, annotations, ownerReferences } = metadata
  if (labels !== was?.labels) checkLabels(found, 'metadata.labels', labels)
  if (annotations !== was?.annotations) checkAnnotations(found, 'metadata.annotations', annotations)
  if (ownerReferences !== was?.ownerReferences) checkOwners(found, metadata)
}

/** maskTrailingDash: what follows is a suffix. */
const masked = (generateName: string): string =>
  generateName.length > 1 && generateName.endsWith('-') ? `${generateName.slice(0, -2)}a` : generateName

function checkNamespace(found: Found, namespace: string, namespaced: boolean): void {
  if (!namespaced) {
    if (namespace !== '') found.push(forbidden('metadata.namespace', 'not allowed on this type'))
  } else if (namespace === '') found.push(required('metadata.namespace'))
  else complain(found, 'metadata.namespace', namespace, dns1123Label(namespace))
}

function checkOwners(found: Found, { ownerReferences }: ObjectMeta): void {
  const field = 'metadata.ownerReferences'
  let controller = ''
  for (const owner of ownerReferences ?? []) {
    const { apiVersion = '', kind = '', name = '', uid = '' } = owner
    if (apiVersion === '' || apiVersion.indexOf('/') !== apiVersion.lastIndexOf('/')) {
      found.push(invalid(`${field}.apiVersion`, apiVersion, 'version must not be empty'))
    }
    if (kind === '') found.push(invalid(`${field}.kind`, kind, 'kind must not be empty'))
    if (name === '') found.push(invalid(`${field}.name`, name, 'name must not be empty'))
    if (uid === '') found.push(invalid(`${field}.uid`, uid, 'uid must not be empty'))
    if (apiVersion === 'v1' && kind === 'Event') {
      found.push(invalid(field, shownOwner(owner), '/v1, Kind=Event is disallowed from being an owner'))
    }
  }
  for (const { controller: is, kind, name } of ownerReferences ?? []) {
    if (is !== true) continue
    const current = `${kind}/${name}`
    if (controller !== '') {
      const detail = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${current}`
      found.push(invalid(field, shownOwners(ownerReferences ?? []), detail))
    } else controller = current
  }
}

function checkFinalizers(found: Found, finalizers: readonly string[]): void {
  for (const finalizer of finalizers) complain(found, 'metadata.finalizers', finalizer, qualifiedName(finalizer))
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    const detail = 'finalizer orphan and foregroundDeletion cannot be both set'
    found.push(invalid('metadata.finalizers', shownStrings(finalizers), detail))
  }
}

const STANDARD: readonly string[] = ['kubernetes', 'orphan', 'foregroundDeletion']
const NOT_STANDARD = 'name is neither a standard finalizer name nor is it fully qualified'
function checkStandardFinalizers(found: Found, field: string, finalizers: readonly string[] | undefined): void {
  for (const [i, finalizer] of (finalizers ?? []).entries()) {
    if (!finalizer.includes('/') && !STANDARD.includes(finalizer))
      found.push(invalid(`${field}[${i}]`, finalizer, NOT_STANDARD))
  }
}
export function checkNamespaceFinalizers(found: Found, finalizers: readonly string[] | undefined): void {
  for (const finalizer of finalizers ?? []) {
    complain(found, 'spec.finalizers', finalizer, qualifiedName(finalizer))
    if (!finalizer.includes('/') && !STANDARD.includes(finalizer))
      found.push(invalid('spec.finalizers', finalizer, NOT_STANDARD))
  }
}

/** ValidateObjectMetaUpdate */
export function checkMetadataUpdate(found: Found, next: ApiObject, was: ApiObject, standardFinalizers: boolean): void {
  const [now, before] = [next.metadata, was.metadata]
  if (before.deletionTimestamp !== undefined) checkNoNewFinalizers(found, now, before)
  if (!now.resourceVersion) {
    found.push(invalid('metadata.resourceVersion', now.resourceVersion ?? '', 'must be specified for an update'))
  }
  if ((now.generation ?? 0) < (before.generation ?? 0)) {
    found.push(invalid('metadata.generation', now.generation ?? 0, 'must not be decremented'))
  }
  for (const field of ['name', 'namespace', 'uid'] as const) {
    if (now[field] !== before[field]) found.push(invalid(`metadata.${field}`, now[field] ?? '', IMMUTABLE))
  }
  for (const field of ['creationTimestamp', 'deletionTimestamp'] as const) {
    if ((now[field] ?? null) !== (before[field] ?? null)) {
      found.push(invalid(`metadata.${field}`, shownTime(now[field] as string | undefined), IMMUTABLE))
    }
  }
  if (now.deletionGracePeriodSeconds !== before.deletionGracePeriodSeconds) {
    found.push(invalid('metadata.deletionGracePeriodSeconds', now.deletionGracePeriodSeconds, IMMUTABLE))
  }
  checkParts(found, now, before)
  if (standardFinalizers) checkStandardFinalizers(found, 'metadata.finalizers', now.finalizers)
}

function checkNoNewFinalizers(found: Found, now: ObjectMeta, before: ObjectMeta): void {
  const added = (now.finalizers ?? []).filter((finalizer) => !before.finalizers?.includes(finalizer))
  if (added.length === 0) return
  const detail = `no new finalizers can be added if the object is being deleted, found new finalizers ${goStrings([...added].sort())}`
  found.push(forbidden('metadata.finalizers', detail))
}
