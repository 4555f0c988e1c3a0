/** Which fields each resource can be selected by, and what they read: the AddFieldLabelConversionFunc of each group. */
import type { ApiObject, ResourceName } from '../protocol/objects.ts'

const METADATA = ['metadata.name', 'metadata.namespace']
const SELECTABLE: Readonly<Record<ResourceName, readonly string[]>> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.podIPs',
    'status.nominatedNodeName',
  ],
  nodes: ['spec.unschedulable'],
  namespaces: ['status.phase'],
  secrets: ['type'],
  services: ['spec.clusterIP', 'spec.type'],
  replicationcontrollers: ['status.replicas'],
  events: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  'jobs.batch': ['status.successful'],
  'certificatesigningrequests.certificates.k8s.io': ['spec.signerName'],
}

/** @returns what the server says of a field label it does not know; undefined when it does. */
export function unsupported(resource: ResourceName, kind: string, field: string): string | undefined {
  const more = SELECTABLE[resource]
  if (METADATA.includes(field) || more?.includes(field) === true) return undefined
  if (more === undefined) return `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`
  return resource === 'jobs.batch'
    ? `field label "${field}" not supported for ${kind}`
    : `field label not supported: ${field}`
}

/** The value of a selectable field as text: what is absent is empty, but for booleans and numbers. */
export function fieldOf(object: ApiObject, field: string): string {
  if (field === 'metadata.name') return object.metadata.name
  if (field === 'metadata.namespace') return object.metadata.namespace ?? ''
  if (field === 'source') return String(valueAt(object, 'source.component') ?? '')
  const value = valueAt(object, field)
  return value === undefined || value === null ? (ZEROES[field] ?? '') : String(value)
}
const ZEROES: Readonly<Record<string, string>> = {
  'spec.unschedulable': 'false',
  'spec.hostNetwork': 'false',
  'status.replicas': '0',
  'status.successful': '0',
}

const partsOf = new Map<string, readonly string[]>()
/** @param path one of those that can be selected by: there are few, and they are split once. */
function valueAt(object: unknown, path: string): unknown {
  let parts = partsOf.get(path)
  if (parts === undefined) partsOf.set(path, (parts = path.split('.')))
  let value = object
  for (const part of parts) value = (value as Readonly<Record<string, unknown>> | undefined)?.[part]
  return value
}
