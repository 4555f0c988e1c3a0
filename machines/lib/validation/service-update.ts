/** What may change of a Service, and its status. */
import type { Service } from '../../protocol/objects.ts'
import { checkIp } from './addresses.ts'
import { complain, type Found, forbidden, invalid, oneOf, required } from './causes.ts'
import { dns1123Subdomain } from './formats.ts'
import { shownStrings } from './go-values.ts'
import type { Spec } from './service.ts'

/** What may not change of a Service, before it is looked at as a whole (ValidateServiceUpdate). */
export function checkServiceUpdate(found: Found, next: Service, was: Service): void {
  const [now, before] = [(next.spec ?? {}) as Spec, (was.spec ?? {}) as Spec]
  if (now.type !== 'ExternalName' && before.type !== 'ExternalName') checkClusterIpUpdate(found, now, before)
  if (
    now.type === 'LoadBalancer' &&
    before.type === 'LoadBalancer' &&
    now.loadBalancerClass !== before.loadBalancerClass
  ) {
    found.push(invalid('spec.loadBalancerClass', now.loadBalancerClass, 'may not change once set'))
  }
}

function checkClusterIpUpdate(found: Found, now: Spec, before: Spec): void {
  const [next, was] = [now.clusterIPs?.[0] ?? now.clusterIP ?? '', before.clusterIPs?.[0] ?? before.clusterIP ?? '']
  if (was === '' || was === next) return
  const shown = now.clusterIPs ?? [next]
  if (next === '')
    found.push(invalid('spec.clusterIPs[0]', shownStrings(now.clusterIPs), 'primary clusterIP can not be unset'))
  else found.push(invalid('spec.clusterIPs[0]', shownStrings(shown), 'may not change once set'))
}

/** Of the subresource `status`. */
export function checkServiceStatus(found: Found, { spec, status }: Service): void {
  const ingress = (status?.loadBalancer?.ingress ?? []) as readonly {
    ip?: string
    hostname?: string
    ipMode?: string
  }[]
  if (spec.type !== 'LoadBalancer' && ingress.length > 0) {
    found.push(forbidden('status.loadBalancer.ingress', "may only be used when `spec.type` is 'LoadBalancer'"))
    return
  }
  for (const [i, { ip, hostname, ipMode }] of ingress.entries()) {
    const at = `status.loadBalancer.ingress[${i}]`
    if (ip) checkIp(found, `${at}.ip`, ip)
    if (ipMode === undefined && ip) found.push(required(`${at}.ipMode`, 'must be specified when `ip` is set'))
    else if (ipMode !== undefined && !ip)
      found.push(forbidden(`${at}.ipMode`, 'may not be specified when `ip` is not set'))
    else if (ipMode !== undefined) oneOf(found, `${at}.ipMode`, ipMode, ['Proxy', 'VIP'])
    if (hostname) complain(found, `${at}.hostname`, hostname, dns1123Subdomain(hostname))
  }
}
