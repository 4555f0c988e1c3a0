/** Rules for Services (ValidateService). Addresses and node ports are checked by whoever allocates them. */
import type { core, Service } from '../../protocol/objects.ts'
import { isIpv6 } from '../ip.ts'
import { checkCidr, checkIp, checkNonSpecialIp } from './addresses.ts'
import { complain, duplicate, type Found, forbidden, invalid, notSupported, oneOf, required, Shown } from './causes.ts'
import { dns1123Label, dns1123Subdomain, portNumber, qualifiedName } from './formats.ts'
import { shownStrings } from './go-values.ts'
import { checkLabels } from './labels.ts'
import { checkPort } from './probes.ts'

/** The spec as v1.32 has it. */
export type Spec = core.ServiceSpec & {
  readonly clusterIPs?: readonly string[]
  readonly ipFamilies?: readonly string[]
  readonly ipFamilyPolicy?: string
  readonly allocateLoadBalancerNodePorts?: boolean
  readonly loadBalancerClass?: string
  readonly internalTrafficPolicy?: string
  readonly trafficDistribution?: string
}
type Port = core.ServicePort & { readonly appProtocol?: string }

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']
const ONLY_BALANCED = "may only be used when `type` is 'LoadBalancer'"

export function checkService(found: Found, service: Service): void {
  const spec = (service.spec ?? {}) as Spec
  const ports = (spec.ports ?? []) as readonly Port[]
  const isHeadless = spec.clusterIPs?.[0] === 'None' || (spec.clusterIPs === undefined && spec.clusterIP === 'None')
  if (ports.length === 0 && !isHeadless && spec.type !== 'ExternalName') found.push(required('spec.ports'))
  checkType(found, spec, isHeadless)
  checkPorts(found, ports)
  checkLabels(found, 'spec.selector', spec.selector)
  checkAffinity(found, spec)
  if (spec.type !== 'ExternalName') checkAddresses(found, spec, isHeadless)
  for (const [i, ip] of (spec.externalIPs ?? []).entries()) checkExternalIp(found, `spec.externalIPs[${i}]`, ip)
  oneOf(found, 'spec.type', spec.type, TYPES)
  checkNodePorts(found, spec, ports)
  checkBalancer(found, spec)
  checkTraffic(found, spec)
}

function checkType(found: Found, spec: Spec, isHeadless: boolean): void {
  const field = 'spec.clusterIPs[0]'
  if (spec.type === 'LoadBalancer') {
    for (const [i, { port }] of (spec.ports ?? []).entries()) {
      if (port === 10_250)
        found.push(
          invalid(`spec.ports[${i}]`, port, 'may not expose port 10250 externally since it is used by kubelet'),
        )
    }
    if (isHeadless) found.push(invalid(field, 'None', "may not be set to 'None' for LoadBalancer services"))
  } else if (spec.type === 'NodePort') {
    if (isHeadless) found.push(invalid(field, 'None', "may not be set to 'None' for NodePort services"))
  } else if (spec.type === 'ExternalName') checkExternalName(found, spec)
}

function checkExternalName(found: Found, spec: Spec): void {
  const detail = 'may not be set for ExternalName services'
  if ((spec.clusterIPs ?? []).length > 0 || spec.clusterIP) found.push(forbidden('spec.clusterIPs', detail))
  if ((spec.ipFamilies ?? []).length > 0) found.push(forbidden('spec.ipFamilies', detail))
  if (spec.ipFamilyPolicy !== undefined) found.push(forbidden('spec.ipFamilyPolicy', detail))
  const name = (spec.externalName ?? '').replace(/\.$/, '')
  if (name === '') found.push(required('spec.externalName'))
  else complain(found, 'spec.externalName', name, dns1123Subdomain(name))
}

function checkPorts(found: Found, ports: readonly Port[]): void {
  const names = new Set<string>()
  for (const [i, { name, port, protocol, targetPort, appProtocol }] of ports.entries()) {
    const at = `spec.ports[${i}]`
    if (name) {
      complain(found, `${at}.name`, name, dns1123Label(name))
      if (names.has(name)) found.push(duplicate(`${at}.name`, name))
      names.add(name)
    } else if (ports.length > 1) found.push(required(`${at}.name`))
    complain(found, `${at}.port`, port ?? 0, portNumber(port))
    oneOf(found, `${at}.protocol`, protocol, ['SCTP', 'TCP', 'UDP'])
    checkPort(found, `${at}.targetPort`, targetPort ?? 0)
    if (appProtocol !== undefined) complain(found, `${at}.appProtocol`, appProtocol, qualifiedName(appProtocol))
  }
}

const LONGEST_AFFINITY = 86_400
function checkAffinity(found: Found, { sessionAffinity, sessionAffinityConfig }: Spec): void {
  oneOf(found, 'spec.sessionAffinity', sessionAffinity, ['ClientIP', 'None'])
  const field = 'spec.sessionAffinityConfig'
  const detail = 'when session affinity type is ClientIP'
  if (sessionAffinity === 'None' && sessionAffinityConfig !== undefined) {
    found.push(forbidden(field, 'must not be set when session affinity is None'))
  }
  if (sessionAffinity !== 'ClientIP') return
  const seconds = sessionAffinityConfig?.clientIP?.timeoutSeconds
  if (sessionAffinityConfig === undefined) found.push(required(field, detail))
  else if (sessionAffinityConfig.clientIP === undefined) found.push(required(`${field}.clientIP`, detail))
  else if (seconds === undefined) found.push(required(`${field}.clientIP.timeoutSeconds`, detail))
  else if (seconds <= 0 || seconds > LONGEST_AFFINITY) {
    found.push(invalid(`${field}.clientIP.timeoutSeconds`, seconds, 'must be greater than 0 and less than 86400'))
  }
}

const FAMILIES = ['IPv4', 'IPv6']
/** ValidateServiceClusterIPsRelatedFields */
function checkAddresses(found: Found, spec: Spec, isHeadless: boolean): void {
  const { clusterIP = '', clusterIPs = [], ipFamilies = [], ipFamilyPolicy } = spec
  if (clusterIP !== '' && clusterIPs.length === 0) found.push(required('spec.clusterIPs'))
  else if (clusterIP !== '' && clusterIPs[0] !== clusterIP) {
    found.push(invalid('spec.clusterIPs', shownStrings(clusterIPs), 'first value must match `clusterIP`'))
  } else if (clusterIP === '' && clusterIPs.length > 0) {
    found.push(invalid('spec.clusterIPs', shownStrings(clusterIPs), 'must be empty when `clusterIP` is not specified'))
  }
  for (const [i, family] of ipFamilies.entries()) {
    if (!FAMILIES.includes(family)) found.push(notSupported(`spec.ipFamilies[${i}]`, family, FAMILIES))
    if (ipFamilies.indexOf(family) < i) found.push(duplicate(`spec.ipFamilies[${i}]`, family))
  }
  if (ipFamilyPolicy !== undefined) {
    oneOf(found, 'spec.ipFamilyPolicy', ipFamilyPolicy, ['PreferDualStack', 'RequireDualStack', 'SingleStack'])
  }
  if (checkClusterIps(found, clusterIPs) && !isHeadless) checkFamilies(found, clusterIPs, ipFamilies)
}

function checkClusterIps(found: Found, clusterIPs: readonly string[]): boolean {
  const before = found.length
  for (const [i, ip] of clusterIPs.entries()) {
    if (i > 0 || ip !== 'None') checkIp(found, `spec.clusterIPs[${i}]`, ip)
    else if (clusterIPs.length > 1) {
      found.push(invalid('spec.clusterIPs', shownStrings(clusterIPs), "'None' must be the first and only value"))
    }
  }
  if (clusterIPs.length > 2)
    found.push(invalid('spec.clusterIPs', shownStrings(clusterIPs), 'may only hold up to 2 values'))
  return found.length === before
}

function checkFamilies(found: Found, clusterIPs: readonly string[], families: readonly string[]): void {
  for (const [i, ip] of clusterIPs.entries()) {
    const family = families[i]
    if (family !== undefined && (family === 'IPv6') !== isIpv6(ip)) {
      found.push(
        invalid(`spec.clusterIPs[${i}]`, ip, `expected an ${family} value as indicated by \`ipFamilies[${i}]\``),
      )
    }
  }
}

function checkExternalIp(found: Found, field: string, ip: string): void {
  const before = found.length
  checkIp(found, field, ip)
  if (found.length === before) checkNonSpecialIp(found, field, ip)
}

function checkNodePorts(found: Found, { type }: Spec, ports: readonly Port[]): void {
  const [taken, seen] = [new Set<string>(), new Set<string>()]
  for (const [i, { nodePort }] of ports.entries()) {
    if (type === 'ClusterIP' && nodePort) {
      found.push(forbidden(`spec.ports[${i}].nodePort`, "may not be used when `type` is 'ClusterIP'"))
    }
  }
  for (const [i, { nodePort, protocol }] of ports.entries()) {
    if (!nodePort) continue
    if (taken.has(`${protocol} ${nodePort}`)) found.push(duplicate(`spec.ports[${i}].nodePort`, nodePort))
    taken.add(`${protocol} ${nodePort}`)
  }
  for (const [i, { port, protocol }] of ports.entries()) {
    if (seen.has(`${protocol} ${port}`)) found.push(duplicate(`spec.ports[${i}]`, shownKey(protocol, port)))
    seen.add(`${protocol} ${port}`)
  }
}
const shownKey = (protocol: string | undefined, port: number): Shown =>
  new Shown(
    `core.ServicePort{Name:"", Protocol:"${protocol}", AppProtocol:(*string)(nil), Port:${port}, TargetPort:intstr.IntOrString{Type:0, IntVal:0, StrVal:""}, NodePort:0}`,
  )

function checkBalancer(found: Found, spec: Spec): void {
  const isBalanced = spec.type === 'LoadBalancer'
  const ranges = spec.loadBalancerSourceRanges ?? []
  if (ranges.length > 0 && !isBalanced) found.push(forbidden('spec.LoadBalancerSourceRanges', ONLY_BALANCED))
  for (const [i, range] of ranges.entries()) checkCidr(found, `spec.LoadBalancerSourceRanges[${i}]`, range.trim())
  if (spec.allocateLoadBalancerNodePorts !== undefined && !isBalanced) {
    found.push(forbidden('spec.allocateLoadBalancerNodePorts', ONLY_BALANCED))
  }
  const name = spec.loadBalancerClass
  if (name === undefined) return
  if (isBalanced) complain(found, 'spec.loadBalancerClass', name, qualifiedName(name))
  else found.push(forbidden('spec.loadBalancerClass', ONLY_BALANCED))
}

const POLICIES = ['Cluster', 'Local']
function checkTraffic(found: Found, spec: Spec): void {
  const {
    type,
    externalTrafficPolicy: policy,
    healthCheckNodePort: port = 0,
    internalTrafficPolicy,
    trafficDistribution,
  } = spec
  const isExternal =
    type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && (spec.externalIPs ?? []).length > 0)
  if (isExternal) oneOf(found, 'spec.externalTrafficPolicy', policy, POLICIES)
  else if (policy)
    found.push(invalid('spec.externalTrafficPolicy', policy, 'may only be set for externally-accessible services'))
  if (type === 'LoadBalancer' && policy === 'Local') {
    if (port !== 0) complain(found, 'spec.healthCheckNodePort', port, portNumber(port))
  } else if (port !== 0) {
    const detail = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
    found.push(invalid('spec.healthCheckNodePort', port, detail))
  }
  const needsInternal = type === 'NodePort' || type === 'LoadBalancer' || type === 'ClusterIP'
  if (internalTrafficPolicy !== undefined || needsInternal)
    oneOf(found, 'spec.internalTrafficPolicy', internalTrafficPolicy, POLICIES)
  if (trafficDistribution !== undefined && trafficDistribution !== 'PreferClose') {
    found.push(notSupported('spec.trafficDistribution', trafficDistribution, ['PreferClose']))
  }
}
