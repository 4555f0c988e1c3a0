/** Which kinds take part in garbage collection, and where an owner of a kind is to be found. */
import { resources } from '../../profiles/v1.32/resources.generated.ts'
import type { ResourceName } from '../../protocol/objects.ts'

export interface Kind {
  readonly resource: ResourceName
  readonly group: string
  readonly kind: string
  readonly namespaced: boolean
}

/**
 * Kinds of which nobody makes owners or dependents but by hand, and Events, which the real one leaves out too: to watch
 * them would be work for nothing.
 */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'events',
  'events.events.k8s.io',
  'apiservices.apiregistration.k8s.io',
  'certificatesigningrequests.certificates.k8s.io',
  'csidrivers.storage.k8s.io',
  'csistoragecapacities.storage.k8s.io',
  'customresourcedefinitions.apiextensions.k8s.io',
  'flowschemas.flowcontrol.apiserver.k8s.io',
  'ingressclasses.networking.k8s.io',
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
  'priorityclasses.scheduling.k8s.io',
  'runtimeclasses.node.k8s.io',
  'storageclasses.storage.k8s.io',
  'validatingadmissionpolicies.admissionregistration.k8s.io',
  'validatingadmissionpolicybindings.admissionregistration.k8s.io',
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
])

const deletable: readonly Kind[] = resources
  .filter(({ verbs }) => verbs.includes('delete') && verbs.includes('watch'))
  .map(({ plural, group, kind, namespaced }) => ({
    resource: group === '' ? plural : `${plural}.${group}`,
    group,
    kind,
    namespaced,
  }))

/** The kinds that are followed. */
export const collectedKinds: readonly Kind[] = [
  ...new Map(deletable.filter(({ resource }) => !LEFT_OUT.has(resource)).map((kind) => [kind.resource, kind])).values(),
]

const groupOf = (apiVersion: string): string =>
  apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''

/** The kind that an owner reference names (any that the server knows); undefined when nobody knows it. */
export const kindNamed = (own: readonly Kind[], apiVersion: string, kind: string): Kind | undefined => {
  const group = groupOf(apiVersion)
  return [...own, ...deletable].find((each) => each.kind === kind && each.group === group)
}
