/** Rules for Endpoints and EndpointSlices. */
import type { core, EndpointSlice, Endpoints } from '../../protocol/objects.ts'
import { isIpv6, parseIp } from '../ip.ts'
import { checkIp, checkNonSpecialIp } from './addresses.ts'
import { complain, duplicate, type Found, invalid, notSupported, oneOf, required, tooMany } from './causes.ts'
import { dns1123Label, dns1123Subdomain, portNumber, qualifiedName } from './formats.ts'

const PROTOCOLS = ['SCTP', 'TCP', 'UDP']
const MOST_ENDPOINTS = 1_000
const MOST_ADDRESSES = 100
const MOST_PORTS = 20_000

export function checkEndpoints(found: Found, { subsets }: Endpoints): void {
  for (const [i, { addresses = [], notReadyAddresses = [], ports = [] }] of (subsets ?? []).entries()) {
    const at = `subsets[${i}]`
    if (addresses.length + notReadyAddresses.length === 0) {
      found.push(required(at, 'must specify `addresses` or `notReadyAddresses`'))
    }
    for (const [j, address] of addresses.entries()) checkAddress(found, `${at}.addresses[${j}]`, address)
    for (const [j, address] of notReadyAddresses.entries())
      checkAddress(found, `${at}.notReadyAddresses[${j}]`, address)
    for (const [j, port] of ports.entries()) checkPort(found, `${at}.ports[${j}]`, port, ports.length > 1)
  }
}

function checkAddress(found: Found, field: string, { ip, hostname, nodeName }: core.EndpointAddress): void {
  checkIp(found, `${field}.ip`, ip ?? '')
  if (hostname) complain(found, `${field}.hostname`, hostname, dns1123Label(hostname))
  if (nodeName !== undefined) complain(found, `${field}.nodeName`, nodeName, dns1123Subdomain(nodeName))
  checkNonSpecialIp(found, `${field}.ip`, ip ?? '')
}

function checkPort(
  found: Found,
  field: string,
  { name, port, protocol }: core.EndpointPort,
  isOneOfMany: boolean,
): void {
  if (name) complain(found, `${field}.name`, name, dns1123Label(name))
  else if (isOneOfMany) found.push(required(`${field}.name`))
  complain(found, `${field}.port`, port ?? 0, portNumber(port))
  oneOf(found, `${field}.protocol`, protocol, PROTOCOLS)
}

export function checkEndpointSlice(found: Found, { addressType, endpoints, ports }: EndpointSlice): void {
  oneOf(found, 'addressType', addressType, ['FQDN', 'IPv4', 'IPv6'])
  const list = endpoints ?? []
  if (list.length > MOST_ENDPOINTS) found.push(tooMany('endpoints', list.length, MOST_ENDPOINTS))
  else for (const [i, endpoint] of list.entries()) checkEndpoint(found, `endpoints[${i}]`, addressType, endpoint)
  checkSlicePorts(found, ports ?? [])
}

function checkEndpoint(found: Found, field: string, type: string, endpoint: EndpointSlice['endpoints'][number]): void {
  const { addresses, nodeName, hostname } = endpoint as typeof endpoint & { nodeName?: string }
  const list = addresses ?? []
  if (list.length === 0) found.push(required(`${field}.addresses`, 'must contain at least 1 address'))
  else if (list.length > MOST_ADDRESSES) found.push(tooMany(`${field}.addresses`, list.length, MOST_ADDRESSES))
  for (const [i, address] of list.entries()) checkSliceAddress(found, `${field}.addresses[${i}]`, type, address)
  if (nodeName !== undefined) complain(found, `${field}.nodeName`, nodeName, dns1123Subdomain(nodeName))
  if (hostname !== undefined) complain(found, `${field}.hostname`, hostname, dns1123Label(hostname))
}

function checkSliceAddress(found: Found, field: string, type: string, address: string): void {
  if (type === 'FQDN') {
    complain(found, field, address, dns1123Subdomain(address.replace(/\.$/, '')))
    return
  }
  const isSound = type === 'IPv6' ? isIpv6(address) : parseIp(address) !== undefined
  if (!isSound) found.push(invalid(field, address, `must be a valid ${type} address`))
  checkNonSpecialIp(found, field, address)
}

function checkSlicePorts(found: Found, ports: NonNullable<EndpointSlice['ports']>): void {
  if (ports.length > MOST_PORTS) {
    found.push(tooMany('ports', ports.length, MOST_PORTS))
    return
  }
  const names = new Set<string>()
  for (const [i, { name = '', protocol, appProtocol }] of ports.entries()) {
    const at = `ports[${i}]`
    if (name !== '') complain(found, `${at}.name`, name, dns1123Label(name))
    if (names.has(name)) found.push(duplicate(`${at}.name`, name))
    names.add(name)
    if (protocol === undefined) found.push(required(`${at}.protocol`))
    else if (!PROTOCOLS.includes(protocol)) found.push(notSupported(`${at}.protocol`, protocol, PROTOCOLS))
    if (appProtocol !== undefined) complain(found, `${at}.appProtocol`, appProtocol, qualifiedName(appProtocol))
  }
}
