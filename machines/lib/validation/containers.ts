/** Rules for containers and init containers. */
import type { core } from '../../protocol/objects.ts'
import { complain, duplicate, type Found, forbidden, invalid, notSupported, oneOf, required } from './causes.ts'
import { checkEnvironment, checkEnvironmentFrom } from './environment.ts'
import { dns1123Label, portName, portNumber } from './formats.ts'
import { checkLifecycle, checkProbes } from './probes.ts'
import { checkResources } from './resources.ts'
import { checkSecurityContext } from './security-context.ts'
import { checkMounts } from './volumes.ts'

const PROTOCOLS = ['SCTP', 'TCP', 'UDP']
type Sidecar = core.Container & { readonly restartPolicy?: string }

export function checkContainers(found: Found, field: string, spec: core.PodSpec, volumes: ReadonlySet<string>): void {
  const containers = (spec.containers ?? []) as readonly Sidecar[]
  if (containers.length === 0) {
    found.push(required(field))
    return
  }
  const names = new Set<string>()
  for (const [i, container] of containers.entries()) {
    const at = `${field}[${i}]`
    checkContainer(found, at, container, volumes)
    if (names.has(container.name)) found.push(duplicate(`${at}.name`, container.name))
    names.add(container.name)
    checkLifecycle(found, `${at}.lifecycle`, container.lifecycle, spec.terminationGracePeriodSeconds)
    checkProbes(found, at, container, spec.terminationGracePeriodSeconds)
    if (container.restartPolicy !== undefined)
      found.push(forbidden(`${at}.restartPolicy`, 'may not be set for non-init containers'))
  }
  checkHostPorts(found, field, containers)
}

export function checkInitContainers(
  found: Found,
  field: string,
  spec: core.PodSpec,
  volumes: ReadonlySet<string>,
): void {
  const names = new Set((spec.containers ?? []).map(({ name }) => name))
  for (const [i, container] of ((spec.initContainers ?? []) as readonly Sidecar[]).entries()) {
    const at = `${field}[${i}]`
    checkContainer(found, at, container, volumes)
    const isSidecar = container.restartPolicy === 'Always'
    if (container.restartPolicy !== undefined && !isSidecar) {
      found.push(notSupported(`${at}.restartPolicy`, container.restartPolicy, ['Always']))
    }
    if (names.has(container.name)) found.push(duplicate(`${at}.name`, container.name))
    else if (container.name) names.add(container.name)
    checkHostPorts(found, field, [container])
    if (isSidecar) {
      checkLifecycle(found, `${at}.lifecycle`, container.lifecycle, spec.terminationGracePeriodSeconds)
      checkProbes(found, at, container, spec.terminationGracePeriodSeconds)
    } else checkNoProbes(found, at, container)
  }
}

function checkNoProbes(found: Found, field: string, container: core.Container): void {
  for (const name of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
    if (container[name] === undefined) continue
    found.push(forbidden(`${field}.${name}`, 'may not be set for init containers without restartPolicy=Always'))
  }
}

/** validateContainerCommon */
function checkContainer(found: Found, field: string, container: core.Container, volumes: ReadonlySet<string>): void {
  if (!container.name) found.push(required(`${field}.name`))
  else complain(found, `${field}.name`, container.name, dns1123Label(container.name))
  if (!container.image) found.push(required(`${field}.image`))
  oneOf(found, `${field}.terminationMessagePolicy`, container.terminationMessagePolicy, [
    'File',
    'FallbackToLogsOnError',
  ])
  checkPorts(found, `${field}.ports`, container.ports)
  checkEnvironment(found, `${field}.env`, container.env)
  checkEnvironmentFrom(found, `${field}.envFrom`, container.envFrom)
  checkMounts(found, `${field}.volumeMounts`, container, volumes)
  oneOf(found, `${field}.imagePullPolicy`, container.imagePullPolicy, ['Always', 'IfNotPresent', 'Never'])
  checkResources(found, `${field}.resources`, container.resources)
  checkSecurityContext(found, `${field}.securityContext`, container.securityContext)
}

/** A container of a pod that is no template's: its image has no blanks around it (validateContainersOnlyForPod). */
export function checkImages(found: Found, field: string, containers: readonly core.Container[] | undefined): void {
  for (const [i, { image = '' }] of (containers ?? []).entries()) {
    if (image.trim() !== image)
      found.push(invalid(`${field}[${i}].image`, image, 'must not have leading or trailing whitespace'))
  }
}

function checkPorts(found: Found, field: string, ports: readonly core.ContainerPort[] | undefined): void {
  const names = new Set<string>()
  for (const [i, { name, containerPort, hostPort, protocol }] of (ports ?? []).entries()) {
    const at = `${field}[${i}]`
    if (name) {
      const complaints = portName(name)
      complain(found, `${at}.name`, name, complaints)
      if (complaints.length === 0 && names.has(name)) found.push(duplicate(`${at}.name`, name))
      names.add(name)
    }
    if (!containerPort) found.push(required(`${at}.containerPort`))
    else complain(found, `${at}.containerPort`, containerPort, portNumber(containerPort))
    if (hostPort) complain(found, `${at}.hostPort`, hostPort, portNumber(hostPort))
    oneOf(found, `${at}.protocol`, protocol, PROTOCOLS)
  }
}

function checkHostPorts(found: Found, field: string, containers: readonly core.Container[]): void {
  const taken = new Set<string>()
  for (const [i, { ports = [] }] of containers.entries()) {
    for (const [j, { hostPort, hostIP = '', protocol }] of ports.entries()) {
      if (!hostPort) continue
      const key = `${protocol}/${hostIP}/${hostPort}`
      if (taken.has(key)) found.push(duplicate(`${field}[${i}].ports[${j}].hostPort`, key))
      taken.add(key)
    }
  }
}
