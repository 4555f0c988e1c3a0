/** Rules for Ingresses and their classes (pkg/apis/networking/validation). */
import type { ApiObject } from '../../protocol/objects.ts'
import { complain, type Found, forbidden, invalid, notSupported, required, Shown, tooLong } from './causes.ts'
import {
  dns1035Label,
  dns1123Subdomain,
  domainPrefixedPath,
  pathSegment,
  portName,
  portNumber,
  wildcardSubdomain,
} from './formats.ts'

interface Reference {
  readonly apiGroup?: string
  readonly kind?: string
  readonly name?: string
}
interface Backend {
  readonly resource?: Reference
  readonly service?: { readonly name?: string; readonly port?: { readonly name?: string; readonly number?: number } }
}
interface Path {
  readonly path?: string
  readonly pathType?: string
  readonly backend?: Backend
}
interface Rule {
  readonly host?: string
  readonly http?: { readonly paths?: readonly Path[] | null }
}
export interface Ingress extends ApiObject {
  readonly spec?: {
    readonly ingressClassName?: string
    readonly defaultBackend?: Backend
    readonly rules?: readonly Rule[]
    readonly tls?: readonly { readonly hosts?: readonly string[] }[]
  }
}

const CLASS = 'kubernetes.io/ingress.class'

export function checkIngress(found: Found, ingress: Ingress): void {
  checkIngressSpec(found, ingress)
  const annotated = ingress.metadata.annotations?.[CLASS]
  const named = ingress.spec?.ingressClassName
  if (annotated !== undefined && named !== undefined && annotated !== named)
    found.push(invalid(`annotations.${CLASS}`, annotated, 'must match `ingressClassName` when both are specified'))
}

/** An update may leave an annotation that a creation may not have. */
export function checkIngressSpec(found: Found, { spec = {} }: Ingress): void {
  const { rules = [], defaultBackend, tls = [], ingressClassName } = spec
  if (rules.length === 0 && defaultBackend === undefined) {
    const shown = new Shown('[]networking.IngressRule(nil)')
    found.push(invalid('spec', shown, 'either `defaultBackend` or `rules` must be specified'))
  }
  if (defaultBackend !== undefined) checkBackend(found, 'spec.defaultBackend', defaultBackend)
  for (const [i, rule] of rules.entries()) checkRule(found, `spec.rules[${i}]`, rule)
  for (const [i, { hosts = [] }] of tls.entries())
    for (const [j, host] of hosts.entries()) checkHost(found, `spec.tls[${i}].hosts[${j}]`, host)
  if (ingressClassName !== undefined)
    complain(found, 'spec.ingressClassName', ingressClassName, dns1123Subdomain(ingressClassName))
}

const IS_IP = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*)$/

function checkRule(found: Found, field: string, { host = '', http }: Rule): void {
  if (host !== '') {
    if (IS_IP.test(host)) found.push(invalid(`${field}.host`, host, 'must be a DNS name, not an IP address'))
    else checkHost(found, `${field}.host`, host)
  }
  if (http === undefined) return
  const paths = http.paths ?? []
  if (paths.length === 0) found.push(required(`${field}.http.paths`))
  for (const [i, path] of paths.entries()) checkPath(found, `${field}.http.paths[${i}]`, path)
}

const checkHost = (found: Found, field: string, host: string): void =>
  complain(found, field, host, host.includes('*') ? wildcardSubdomain(host) : dns1123Subdomain(host))

const ILLEGAL = ['//', '/./', '/../', '%2f', '%2F']
const ILLEGAL_ENDS = ['/..', '/.']
const PATH_TYPES = ['Exact', 'ImplementationSpecific', 'Prefix']

function checkPath(found: Found, field: string, { path = '', pathType, backend = {} }: Path): void {
  if (pathType === undefined) {
    found.push(required(`${field}.pathType`, 'pathType must be specified'))
    return
  }
  const isStrict = pathType === 'Exact' || pathType === 'Prefix'
  if (!PATH_TYPES.includes(pathType)) found.push(notSupported(`${field}.pathType`, pathType, PATH_TYPES))
  else if (!path.startsWith('/') && (isStrict || path !== ''))
    found.push(invalid(`${field}.path`, path, 'must be an absolute path'))
  if (isStrict) {
    for (const part of ILLEGAL)
      if (path.includes(part)) found.push(invalid(`${field}.path`, path, `must not contain '${part}'`))
    for (const end of ILLEGAL_ENDS)
      if (path.endsWith(end)) found.push(invalid(`${field}.path`, path, `cannot end with '${end}'`))
  }
  checkBackend(found, `${field}.backend`, backend)
}

function checkBackend(found: Found, field: string, { resource, service }: Backend): void {
  if (resource !== undefined && service !== undefined)
    found.push(invalid(field, '', 'cannot set both resource and service backends'))
  else if (resource !== undefined) checkReference(found, `${field}.resource`, resource)
  else if (service !== undefined) checkService(found, field, service)
  else found.push(invalid(field, '', 'resource or service backend is required'))
}

function checkService(found: Found, field: string, { name = '', port = {} }: NonNullable<Backend['service']>): void {
  if (name === '') found.push(required(`${field}.service.name`))
  else complain(found, `${field}.service.name`, name, dns1035Label(name))
  const { name: named = '', number = 0 } = port
  if (named !== '' && number !== 0) found.push(invalid(field, '', 'cannot set both port name & port number'))
  else if (named !== '') complain(found, `${field}.service.port.name`, named, portName(named))
  else if (number !== 0) complain(found, `${field}.service.port.number`, number, portNumber(number))
  else found.push(required(field, 'port name or number is required'))
}

function checkReference(found: Found, field: string, { apiGroup, kind = '', name = '' }: Reference): void {
  if (apiGroup !== undefined) complain(found, `${field}.apiGroup`, apiGroup, dns1123Subdomain(apiGroup))
  for (const [part, value] of Object.entries({ kind, name })) {
    if (value === '') found.push(required(`${field}.${part}`))
    else complain(found, `${field}.${part}`, value, pathSegment(value))
  }
}

export interface IngressClass extends ApiObject {
  readonly spec?: {
    readonly controller?: string
    readonly parameters?: Reference & { readonly scope?: string; readonly namespace?: string }
  }
}
const LONGEST_CONTROLLER = 250

export function checkIngressClass(found: Found, { spec = {} }: IngressClass): void {
  const { controller = '', parameters } = spec
  if (controller === '') found.push(required('spec.controller'))
  else complain(found, 'spec.controller', controller, domainPrefixedPath(controller))
  if (controller.length > LONGEST_CONTROLLER) found.push(tooLong('spec.controller', LONGEST_CONTROLLER))
  if (parameters === undefined) return
  checkReference(found, 'spec.parameters', parameters)
  const { scope, namespace } = parameters
  if (scope === undefined) found.push(required('spec.parameters.scope'))
  else if (scope === 'Namespace') {
    if (namespace === undefined)
      found.push(required('spec.parameters.namespace', "`parameters.scope` is set to 'Namespace'"))
  } else if (scope !== 'Cluster') found.push(notSupported('spec.parameters.scope', scope, ['Cluster', 'Namespace']))
  else if (namespace !== undefined)
    found.push(forbidden('spec.parameters.namespace', "`parameters.scope` is set to 'Cluster'"))
}
