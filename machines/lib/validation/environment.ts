/** Rules for environment variables and what they are taken from. */
import type { core } from '../../protocol/objects.ts'
import { complain, type Found, invalid, notSupported, required } from './causes.ts'
import { configMapKey, dns1123Subdomain, environmentName, qualifiedName } from './formats.ts'

export function checkEnvironment(found: Found, field: string, variables: readonly core.EnvVar[] | undefined): void {
  for (const [i, variable] of (variables ?? []).entries()) {
    const at = `${field}[${i}]`
    if (!variable.name) found.push(required(`${at}.name`))
    else complain(found, `${at}.name`, variable.name, environmentName(variable.name))
    if (variable.valueFrom !== undefined) checkSource(found, `${at}.valueFrom`, variable, variable.valueFrom)
  }
}

function checkSource(found: Found, field: string, { value }: core.EnvVar, source: core.EnvVarSource): void {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = source
  if (fieldRef !== undefined) checkFieldReference(found, `${field}.fieldRef`, fieldRef, OF_ENVIRONMENT)
  if (resourceFieldRef !== undefined) checkResourceField(found, `${field}.resourceFieldRef`, resourceFieldRef, false)
  if (configMapKeyRef !== undefined) checkKey(found, `${field}.configMapKeyRef`, configMapKeyRef)
  if (secretKeyRef !== undefined) checkKey(found, `${field}.secretKeyRef`, secretKeyRef)
  const count = [fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef].filter((each) => each !== undefined).length
  if (count === 0) {
    found.push(
      invalid(field, '', 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`'),
    )
  } else if (value) found.push(invalid(field, '', 'may not be specified when `value` is not empty'))
  else if (count > 1) found.push(invalid(field, '', 'may not have more than one field specified at a time'))
}

function checkKey(found: Found, field: string, { name = '', key }: core.ConfigMapKeySelector): void {
  complain(found, `${field}.name`, name, dns1123Subdomain(name))
  if (!key) found.push(required(`${field}.key`))
  else complain(found, `${field}.key`, key, configMapKey(key))
}

const OF_ENVIRONMENT = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
]
export const OF_VOLUMES = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
]
/** What the downward API knows at all (ConvertDownwardAPIFieldLabel). */
const KNOWN: ReadonlySet<string> = new Set([
  ...OF_ENVIRONMENT,
  ...OF_VOLUMES,
  'spec.restartPolicy',
  'spec.schedulerName',
  'status.phase',
  'spec.host',
])

/** validateObjectFieldSelector */
export function checkFieldReference(
  found: Found,
  field: string,
  { apiVersion, fieldPath }: core.ObjectFieldSelector,
  allowed: readonly string[],
): void {
  if (!apiVersion) found.push(required(`${field}.apiVersion`))
  else if (!fieldPath) found.push(required(`${field}.fieldPath`))
  else {
    const [, path, subscript] = /^(.*)\['([^']*)'\]$/.exec(fieldPath) ?? []
    if (subscript !== undefined) checkSubscript(found, field, path as string, subscript)
    else if (!KNOWN.has(fieldPath)) {
      found.push(
        invalid(`${field}.fieldPath`, fieldPath, `error converting fieldPath: field label not supported: ${fieldPath}`),
      )
    } else if (!allowed.includes(fieldPath)) found.push(notSupported(`${field}.fieldPath`, fieldPath, allowed))
  }
}

function checkSubscript(found: Found, field: string, path: string, subscript: string): void {
  if (path === 'metadata.annotations')
    complain(found, field, subscript.toLowerCase(), qualifiedName(subscript.toLowerCase()))
  else if (path === 'metadata.labels') complain(found, field, subscript, qualifiedName(subscript))
  else
    found.push(
      invalid(
        `${field}.fieldPath`,
        `${path}['${subscript}']`,
        `error converting fieldPath: field label does not support subscript: ${path}`,
      ),
    )
}

const RESOURCES = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
]
const DIVISORS: Readonly<Record<string, readonly string[]>> = {
  cpu: ['1', '1m'],
  memory: ['1', '1E', '1Ei', '1G', '1Gi', '1Ki', '1M', '1Mi', '1P', '1Pi', '1T', '1Ti', '1k'],
  'ephemeral-storage': ['1', '1E', '1Ei', '1G', '1Gi', '1Ki', '1M', '1Mi', '1P', '1Pi', '1T', '1Ti', '1k'],
}

export function checkResourceField(
  found: Found,
  field: string,
  { containerName, resource, divisor }: core.ResourceFieldSelector,
  inVolume: boolean,
): void {
  const hugePages = resource?.startsWith('limits.hugepages-') || resource?.startsWith('requests.hugepages-')
  if (inVolume && !containerName) found.push(required(`${field}.containerName`))
  else if (!resource) found.push(required(`${field}.resource`))
  else if (!RESOURCES.includes(resource) && !hugePages)
    found.push(notSupported(`${field}.resource`, resource, RESOURCES))
  const allowed = DIVISORS[(resource ?? '').slice((resource ?? '').indexOf('.') + 1)]
  const written = String(divisor ?? '0')
  if (allowed !== undefined && written !== '0' && !allowed.includes(written)) {
    const name = (resource as string).slice(resource.indexOf('.') + 1)
    found.push(
      invalid(
        `${field}.divisor`,
        written,
        `only divisor's values ${allowed.slice(0, 2).join(' and ')} are supported with the ${name} resource`,
      ),
    )
  }
}

export function checkEnvironmentFrom(
  found: Found,
  field: string,
  sources: readonly core.EnvFromSource[] | undefined,
): void {
  for (const [i, { prefix, configMapRef, secretRef }] of (sources ?? []).entries()) {
    const at = `${field}[${i}]`
    if (prefix) complain(found, `${at}.prefix`, prefix, environmentName(prefix))
    if (configMapRef !== undefined) checkReference(found, `${at}.configMapRef`, configMapRef.name)
    if (secretRef !== undefined) checkReference(found, `${at}.secretRef`, secretRef.name)
    const count = [configMapRef, secretRef].filter((each) => each !== undefined).length
    if (count === 0) found.push(invalid(field, '', 'must specify one of: `configMapRef` or `secretRef`'))
    else if (count > 1) found.push(invalid(field, '', 'may not have more than one field specified at a time'))
  }
}

function checkReference(found: Found, field: string, name: string | undefined): void {
  if (!name) found.push(required(`${field}.name`))
  else complain(found, `${field}.name`, name, dns1123Subdomain(name))
}
