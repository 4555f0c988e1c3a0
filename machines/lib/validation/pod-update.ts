/** What may change of a pod (ValidatePodUpdate, ValidatePodStatusUpdate). */
import type { core, Pod } from '../../protocol/objects.ts'
import { sameJson } from '../go-text.ts'
import { checkIp } from './addresses.ts'
import { checkTolerations } from './affinity.ts'
import { complain, type Found, forbidden, IMMUTABLE, invalid, required } from './causes.ts'
import { dns1123Subdomain, inclusiveRange } from './formats.ts'
import { checkPodAndMetadata, checkPodAnnotations } from './pod.ts'

const LONGEST = 2_147_483_647
type Spec = core.PodSpec & { readonly schedulingGates?: readonly { readonly name: string }[] }

/** Behind the metadata. */
export function checkPodUpdate(found: Found, next: Pod, was: Pod): void {
  checkPodAndMetadata(found, next)
  checkPodAnnotations(found, 'metadata.annotations', next.metadata.annotations, next.spec)
  if (next.spec === was.spec) return
  if (!checkContainers(found, 'spec.containers', next.spec.containers, was.spec.containers)) return
  if (!checkContainers(found, 'spec.initContainers', next.spec.initContainers, was.spec.initContainers)) return
  if (!checkDeadline(found, next.spec, was.spec)) return
  checkAddedTolerations(found, next.spec, was.spec)
  checkGates(found, next.spec, was.spec)
  checkRest(found, next.spec, was.spec)
}

/** @returns whether it makes sense to look further. */
function checkContainers(
  found: Found,
  field: string,
  next: readonly core.Container[] = [],
  was: readonly core.Container[] = [],
): boolean {
  if (next.length !== was.length) {
    found.push(forbidden(field, 'pod updates may not add or remove containers'))
    return false
  }
  for (const [i, { image = '' }] of next.entries()) {
    if (image === '') found.push(required(`${field}[${i}].image`))
    if (image.trim() !== image)
      found.push(invalid(`${field}[${i}].image`, image, 'must not have leading or trailing whitespace'))
  }
  return true
}

function checkDeadline(
  found: Found,
  { activeDeadlineSeconds: next }: Spec,
  { activeDeadlineSeconds: was }: Spec,
): boolean {
  const field = 'spec.activeDeadlineSeconds'
  if (next === undefined) {
    if (was !== undefined) found.push(invalid(field, undefined, 'must not update from a positive integer to nil value'))
    return true
  }
  if (next < 0 || next > LONGEST) found.push(invalid(field, next, inclusiveRange(0, LONGEST)))
  else if (was !== undefined && was < next)
    found.push(invalid(field, next, 'must be less than or equal to previous value'))
  else return true
  return false
}

function checkAddedTolerations(found: Found, { tolerations: next = [] }: Spec, { tolerations: was = [] }: Spec): void {
  const without = ({ tolerationSeconds: _seconds, ...rest }: core.Toleration) => rest
  const isKept = was.every((old) => next.some((each) => sameJson(without(old), without(each))))
  if (isKept) checkTolerations(found, 'spec.tolerations', next)
  else found.push(forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds'))
}

function checkGates(found: Found, { schedulingGates: next = [] }: Spec, { schedulingGates: was = [] }: Spec): void {
  for (const [i, { name }] of next.entries()) {
    if (was.some((old) => old.name === name)) continue
    found.push(
      forbidden(`spec.schedulingGates[${i}].name`, `only deletion is allowed, but found new scheduling gate '${name}'`),
    )
  }
}

const UPDATABLE =
  '`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'

/** Everything else must be as it was. Upstream prints the difference of the two Go structs; here the two specs' fields. */
function checkRest(found: Found, next: Spec, was: Spec): void {
  const munged = mungedSpec(next, was)
  const changed = changedFields(munged, was)
  if (changed.length === 0) return
  found.push(forbidden('spec', `pod updates may not change fields other than ${UPDATABLE}\n${changed.join('\n')}`))
}

function mungedSpec(next: Spec, was: Spec): Record<string, unknown> {
  const isGated = (was.schedulingGates ?? []).length > 0
  const grace = was.terminationGracePeriodSeconds
  const isShortened = grace !== undefined && grace < 0 && next.terminationGracePeriodSeconds === 1
  return {
    ...next,
    containers: withImages(next.containers, was.containers),
    ...(next.initContainers === undefined
      ? {}
      : { initContainers: withImages(next.initContainers, was.initContainers ?? []) }),
    activeDeadlineSeconds: was.activeDeadlineSeconds,
    schedulingGates: was.schedulingGates,
    tolerations: was.tolerations,
    ...(isShortened ? { terminationGracePeriodSeconds: grace } : {}),
    ...(isGated ? { nodeSelector: was.nodeSelector, affinity: was.affinity } : {}),
  }
}

const withImages = (next: readonly core.Container[], was: readonly core.Container[]): readonly unknown[] =>
  next.map((container, i) => ({ ...container, image: was[i]?.image }))

function changedFields(next: Record<string, unknown>, was: Spec): readonly string[] {
  const before = was as unknown as Record<string, unknown>
  const keys = [...new Set([...Object.keys(before), ...Object.keys(next)])].sort()
  return keys
    .filter((key) => !sameJson(next[key], before[key]))
    .flatMap((key) => [`- ${key}: ${JSON.stringify(before[key])}`, `+ ${key}: ${JSON.stringify(next[key])}`])
}

/** Of the subresource `status`, behind the metadata. */
export function checkPodStatusUpdate(found: Found, next: Pod, was: Pod): void {
  checkPodAnnotations(found, 'metadata.annotations', next.metadata.annotations, next.spec)
  const { status: now = {}, spec } = next
  const before = was.status ?? {}
  const nominated = now.nominatedNodeName
  if (nominated && nominated !== before.nominatedNodeName) {
    complain(found, 'status.nominatedNodeName', nominated, dns1123Subdomain(nominated))
  }
  if (now.qosClass !== before.qosClass) found.push(invalid('status.qosClass', now.qosClass ?? '', IMMUTABLE))
  checkTransitions(
    found,
    'status.containerStatuses',
    now.containerStatuses,
    before.containerStatuses,
    spec.restartPolicy ?? 'Always',
  )
  for (const [i, { ip = '' }] of (now.podIPs ?? []).entries()) checkIp(found, `status.podIPs[${i}]`, ip)
}

/** A container that ended for good does not come back. */
function checkTransitions(
  found: Found,
  field: string,
  next: readonly core.ContainerStatus[] = [],
  was: readonly core.ContainerStatus[] = [],
  restartPolicy: string,
): void {
  if (restartPolicy === 'Always') return
  for (const [i, { name, state }] of was.entries()) {
    const ended = state?.terminated
    if (ended === undefined || (ended.exitCode !== 0 && restartPolicy === 'OnFailure')) continue
    const isBack = next.some((each) => each.name === name && each.state?.terminated === undefined)
    if (isBack) found.push(forbidden(`${field}[${i}].state`, 'may not be transitioned to non-terminated state'))
  }
}
