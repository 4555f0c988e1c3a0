/**
 * The order of ports and subsets of Endpoints (pkg/api/v1/endpoints SortSubsets): by the MD5 of the text in which Go
 * prints them. It means nothing, but everybody sees it: `dns-tcp`, `dns`, `metrics`.
 */
import { md5 } from '../../lib/md5.ts'
import type { core } from '../../protocol/objects.ts'

export const portsInOrder = (ports: readonly core.EndpointPort[]): core.EndpointPort[] =>
  inOrder(ports, (port) => `(v1.EndpointPort)${portText(port)}`)

export const subsetsInOrder = (subsets: readonly core.EndpointSubset[]): core.EndpointSubset[] =>
  subsets.length < 2 ? [...subsets] : inOrder(subsets, subsetText)

function inOrder<T>(items: readonly T[], text: (item: T) => string): T[] {
  if (items.length < 2) return [...items]
  return items
    .map((item) => [md5(text(item)), item] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, item]) => item)
}

const portText = ({ name = '', port, protocol = '', appProtocol = '<nil>' }: core.EndpointPort): string =>
  `{Name:(string)${name} Port:(int32)${port} Protocol:(v1.Protocol)${protocol} AppProtocol:(*string)${appProtocol}}`

const subsetText = ({ addresses, notReadyAddresses, ports }: core.EndpointSubset): string =>
  `(v1.EndpointSubset){Addresses:([]v1.EndpointAddress)${listText(addresses, addressText)} ` +
  `NotReadyAddresses:([]v1.EndpointAddress)${listText(notReadyAddresses, addressText)} ` +
  `Ports:([]v1.EndpointPort)${listText(ports, portText)}}`

const listText = <T>(items: readonly T[] | undefined, text: (item: T) => string): string =>
  items === undefined ? '<nil>' : `[${items.map(text).join(' ')}]`

const addressText = ({ ip, hostname = '', nodeName = '<nil>', targetRef }: core.EndpointAddress): string =>
  `{IP:(string)${ip} Hostname:(string)${hostname} NodeName:(*string)${nodeName} TargetRef:(*v1.ObjectReference)${
    targetRef === undefined ? '<nil>' : referenceText(targetRef)
  }}`

const referenceText = (reference: core.ObjectReference): string => {
  const {
    kind = '',
    namespace = '',
    name = '',
    uid = '',
    apiVersion = '',
    resourceVersion = '',
    fieldPath = '',
  } = reference
  return (
    `{Kind:(string)${kind} Namespace:(string)${namespace} Name:(string)${name} UID:(types.UID)${uid} ` +
    `APIVersion:(string)${apiVersion} ResourceVersion:(string)${resourceVersion} FieldPath:(string)${fieldPath}}`
  )
}
