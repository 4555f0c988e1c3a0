/**
 * What is wrong with an object (422). Built-in kinds are judged by their own rules, as in the real server, which has no
 * general ones; own kinds by their structural schema. A kind without rules here has its metadata looked at.
 */
import type { ApiObject } from '../../protocol/objects.ts'
import type { ResourceFacts } from '../schema.ts'
import { type Cause, type Found, invalid } from '../validation/causes.ts'
import { checkConfigMap, checkFixed, checkSecret, checkSecretUpdate } from '../validation/configuration.ts'
import { checkEndpointSlice, checkEndpoints } from '../validation/endpoints.ts'
import { dns1035Label, dns1123Label, dns1123Subdomain, pathSegment } from '../validation/formats.ts'
import { checkMetadata, checkMetadataUpdate, checkNamespaceFinalizers, type NameRule } from '../validation/metadata.ts'
import { checkNode, checkNodeUpdate } from '../validation/nodes.ts'
import { checkPod } from '../validation/pod.ts'
import { checkPodStatusUpdate, checkPodUpdate } from '../validation/pod-update.ts'
import { checkEvent, checkLease, checkStrictEvent } from '../validation/records.ts'
import { checkService } from '../validation/service.ts'
import { checkServiceStatus, checkServiceUpdate } from '../validation/service-update.ts'
import { checkStructure } from '../validation/structure.ts'
import {
  checkDeployment,
  checkDeploymentStatus,
  checkReplicaSet,
  checkReplicaSetStatus,
  checkSelectorUpdate,
} from '../validation/workloads.ts'

export type { Cause }

/** The rules of one kind. Those of an update come behind the metadata's, in the order of upstream's ValidateUpdate. */
interface Rules {
  readonly name?: NameRule
  /** Events: their metadata is not looked at by their own rules. */
  readonly withoutMetadata?: true
  readonly create?: (found: Found, object: never) => void
  readonly update?: (found: Found, next: never, was: never) => void
  readonly status?: (found: Found, next: never, was: never) => void
  /** An update looks at metadata as a creation does once more. */
  readonly metadataAgain?: true
}

const RULES: Readonly<Record<string, Rules>> = {
  pods: { create: checkPod, update: checkPodUpdate, status: checkPodStatusUpdate, metadataAgain: true },
  services: {
    name: dns1035Label,
    create: checkService,
    update: (found, next, was) => {
      checkServiceUpdate(found, next, was)
      remeta(found, next, dns1035Label)
      checkService(found, next)
    },
    status: checkServiceStatus,
  },
  configmaps: {
    create: checkConfigMap,
    update: (found, next, was) => {
      checkFixed(found, next, was)
      remeta(found, next, dns1123Subdomain)
      checkConfigMap(found, next)
    },
  },
  secrets: {
    create: checkSecret,
    update: (found, next, was) => {
      checkSecretUpdate(found, next, was)
      remeta(found, next, dns1123Subdomain)
      checkSecret(found, next)
    },
  },
  serviceaccounts: { update: () => undefined, metadataAgain: true },
  namespaces: {
    name: dns1123Label,
    create: (found, { spec }: { spec?: { finalizers?: readonly string[] } }) =>
      checkNamespaceFinalizers(found, spec?.finalizers),
    update: () => undefined,
    status: checkNamespaceStatus,
  },
  nodes: { create: checkNode, update: checkNodeUpdate, status: checkNodeUpdate },
  endpoints: { create: checkEndpoints, metadataAgain: true },
  events: { withoutMetadata: true, create: checkEvent },
  'events.events.k8s.io': { create: checkStrictEvent },
  replicationcontrollers: { update: () => undefined },
  'deployments.apps': {
    create: checkDeployment,
    update: (found, next: { spec: { selector?: never } }, was: { spec: { selector?: never } }) => {
      checkDeployment(found, next as never)
      checkSelectorUpdate(found, next.spec?.selector, was.spec?.selector)
    },
    status: checkDeploymentStatus,
  },
  'replicasets.apps': {
    create: checkReplicaSet,
    update: (found, next: { spec: { selector?: never } }, was: { spec: { selector?: never } }) => {
      checkReplicaSet(found, next as never)
      checkSelectorUpdate(found, next.spec?.selector, was.spec?.selector)
    },
    status: checkReplicaSetStatus,
  },
  'endpointslices.discovery.k8s.io': {
    create: checkEndpointSlice,
    update: (found, next: { addressType: string }, was: { addressType: string }) => {
      checkEndpointSlice(found, next as never)
      if (next.addressType !== was.addressType)
        found.push(invalid('addressType', next.addressType, 'field is immutable'))
    },
  },
  'leases.coordination.k8s.io': { create: checkLease },
}
const NONE: Rules = {}
const rulesOf = ({ name, custom }: ResourceFacts): Rules => (custom === true ? NONE : (RULES[name] ?? NONE))

/** Kinds of RBAC have freer names. */
const nameRuleOf = ({ group }: ResourceFacts, { name }: Rules): NameRule =>
  name ?? (group === 'rbac.authorization.k8s.io' ? pathSegment : dns1123Subdomain)

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
  checkMetadata(found, next.metadata, { namespaced, name: pathSegment, standardFinalizers: false })
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

function remeta(found: Found, object: ApiObject, name: NameRule, namespaced = true): void {
  checkMetadata(found, object.metadata, { namespaced, name, standardFinalizers: true })
}

function checkNamespaceStatus(found: Found, next: ApiObject & { status?: { phase?: string } }): void {
  const phase = next.status?.phase ?? ''
  const isGoing = next.metadata.deletionTimestamp !== undefined
  if (!isGoing && phase !== 'Active') {
    found.push(invalid('status.Phase', phase, "may only be 'Active' if `deletionTimestamp` is empty"))
  } else if (isGoing && phase !== 'Terminating') {
    found.push(invalid('status.Phase', phase, "may only be 'Terminating' if `deletionTimestamp` is not empty"))
  }
}

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
