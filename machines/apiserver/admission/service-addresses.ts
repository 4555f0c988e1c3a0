/**
 * A Service's cluster IPs and node ports, drawn from the ranges and unique among all Services: not an admission plugin
 * in the real server but its allocators (pkg/registry/core/service/{ipallocator,portallocator}), which keep a bitmap in
 * etcd; here the Services themselves tell what is taken.
 */
import { draw } from '../../../runtime/contract.ts'
import { addressAt, contains, parseCidr, parseIp } from '../../lib/ip.ts'
import { type ApiObject, keyOf, type Service } from '../../protocol/objects.ts'
import { type Attempt, type Refusal, refuse } from '../registry/attempt.ts'
import { needsPorts } from '../registry/services.ts'
import { invalid } from '../registry/validation.ts'
import { cacheOf } from '../watch-cache.ts'
import type { Plugin } from './plugin.ts'

const RANGE = '10.96.0.0/16'
/** The lower band is left to those who choose their address: min(max(16, size / 16), 256). */
const RESERVED_ADDRESSES = 256
const [FIRST_PORT, PORTS] = [30_000, 2_768]
/** And of the node ports: min(max(16, size / 32), 128). */
const RESERVED_PORTS = 86

type Spec = Service['spec']
type Result = Spec | Refusal

export const serviceAddresses: Plugin = (attempt, object) => {
  const { request, facts } = attempt
  const touches = request.verb === 'create' || request.verb === 'update' || request.verb === 'patch'
  if (facts.name !== 'services' || request.subresource !== undefined || !touches) return object
  const service = object as Service
  if (service.spec.type === 'ExternalName') return object
  const others = othersThan(attempt, service)
  const addressed = withAddress(attempt, service, others)
  if ('does' in addressed) return addressed
  const ported = withPorts(attempt, { ...service, spec: addressed }, others)
  return 'does' in ported ? ported : { ...service, spec: ported }
}

interface Taken {
  readonly addresses: ReadonlySet<string>
  readonly ports: ReadonlySet<string>
}

/** What all other Services hold. Services are few and change seldom, so that they are gone through each time. */
function othersThan({ cache, request }: Attempt, service: Service): Taken {
  const own = `${request.namespace}/${service.metadata.name}`
  const addresses = new Set<string>()
  const ports = new Set<string>()
  cacheOf(cache, 'services').objects.each((object: ApiObject) => {
    if (keyOf(object) === own) return
    const { clusterIPs, ports: all } = (object as Service).spec
    for (const address of clusterIPs ?? []) addresses.add(address)
    for (const { nodePort, protocol } of all ?? []) ports.add(`${nodePort}/${protocol ?? 'TCP'}`)
  })
  return { addresses, ports }
}

function withAddress(attempt: Attempt, service: Service, taken: Taken): Result {
  const { spec, metadata } = service
  const families = { ipFamilies: spec.ipFamilies ?? ['IPv4'], ipFamilyPolicy: spec.ipFamilyPolicy ?? 'SingleStack' }
  const given = spec.clusterIP || spec.clusterIPs?.[0]
  if (given === 'None') return { ...spec, clusterIP: 'None', clusterIPs: ['None'], ...families }
  if (given === undefined || given === '') {
    const address = freeAddress(attempt, taken, keyOf(service))
    return { ...spec, clusterIP: address, clusterIPs: [address], ...families }
  }
  const why = unusable(given, taken)
  if (why === undefined) return { ...spec, clusterIP: given, clusterIPs: spec.clusterIPs ?? [given], ...families }
  const message = `Invalid value: []string{"${given}"}: failed to allocate IP ${given}: ${why}`
  return refuse(
    invalid('Service', '', metadata.name, [{ reason: 'FieldValueInvalid', message, field: 'spec.clusterIPs' }]),
  )
}

function unusable(address: string, { addresses }: Taken): string | undefined {
  const cidr = parseCidr(RANGE)
  const ip = parseIp(address)
  if (cidr === undefined || ip === undefined || !contains(cidr, ip)) {
    return `the provided IP (${address}) is not in the valid range. The range of valid IPs is ${RANGE}`
  }
  return addresses.has(address) ? 'provided IP is already allocated' : undefined
}

/** At random from the upper band, from there upwards until one is free. */
function freeAddress({ dice, attempt }: Attempt, { addresses }: Taken, key: string): string {
  const cidr = parseCidr(RANGE)
  if (cidr === undefined) throw new Error(`${RANGE} is a range of addresses`)
  const band = cidr.size - RESERVED_ADDRESSES - 2
  const start = draw(dice, 'clusterIP', key, attempt) % band
  for (let i = 0; i < band; i++) {
    const address = addressAt(cidr, RESERVED_ADDRESSES + 1 + ((start + i) % band))
    if (!addresses.has(address)) return address
  }
  throw new Error('the range of service addresses is used up')
}

function withPorts(attempt: Attempt, { spec, metadata }: Service, { ports: taken }: Taken): Result {
  if (!needsPorts(spec)) return spec
  const used = new Set(taken)
  const ports: NonNullable<Spec['ports']> = []
  for (const [i, port] of (spec.ports ?? []).entries()) {
    const protocol = port.protocol ?? 'TCP'
    const given = port.nodePort ?? 0
    if (given !== 0 && used.has(`${given}/${protocol}`)) {
      const message = `Invalid value: ${given}: provided port is already allocated`
      const cause = { reason: 'FieldValueInvalid', message, field: `spec.ports[${i}].nodePort` }
      return refuse(invalid('Service', '', metadata.name, [cause]))
    }
    if (given !== 0 && (given < FIRST_PORT || given >= FIRST_PORT + PORTS)) {
      const message = `Invalid value: ${given}: provided port is not in the valid range. The range of valid ports is 30000-32767`
      const cause = { reason: 'FieldValueInvalid', message, field: `spec.ports[${i}].nodePort` }
      return refuse(invalid('Service', '', metadata.name, [cause]))
    }
    const nodePort = given === 0 ? freePort(attempt, used, protocol, `${metadata.name}/${i}`) : given
    used.add(`${nodePort}/${protocol}`)
    ports.push({ ...port, nodePort })
  }
  return { ...spec, ports }
}

function freePort(
  { dice, request, attempt }: Attempt,
  used: ReadonlySet<string>,
  protocol: string,
  of: string,
): number {
  const band = PORTS - RESERVED_PORTS
  const start = draw(dice, 'nodePort', request.namespace ?? '', of, attempt) % band
  for (let i = 0; i < band; i++) {
    const port = FIRST_PORT + RESERVED_PORTS + ((start + i) % band)
    if (!used.has(`${port}/${protocol}`)) return port
  }
  throw new Error('the range of node ports is used up')
}
