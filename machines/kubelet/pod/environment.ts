/** The environment of a container, and `$(NAME)` in its command (kubelet_pods.go, makeEnvironmentVariables). */
import { formatQuantity, milli, parseQuantity, value } from '../../lib/quantity.ts'
import type { KeyValuePair } from '../../protocol/cri.ts'
import type { core, Pod } from '../../protocol/objects.ts'
import { dataOf, notFound, type Objects } from './references.ts'
import { containerNamed } from './restart.ts'

export interface Addresses {
  readonly podIPs: readonly string[]
  readonly hostIP: string
  readonly capacity: Readonly<Record<string, string>>
}
type Variables = { readonly variables: KeyValuePair[] } | { readonly error: string }

export function environmentOf(pod: Pod, container: core.Container, objects: Objects, addresses: Addresses): Variables {
  const found: Record<string, string> = {}
  for (const source of container.envFrom ?? []) {
    const error = addAll(found, source, objects)
    if (error !== undefined) return { error }
  }
  for (const variable of container.env ?? []) {
    const got = valueOf(variable, found, pod, container, objects, addresses)
    if ('error' in got) return got
    if (got.text !== undefined) found[variable.name] = got.text
  }
  const variables = Object.keys(found).map((key) => ({ key, value: found[key] as string }))
  return { variables }
}

function addAll(found: Record<string, string>, source: core.EnvFromSource, objects: Objects): string | undefined {
  const { prefix = '', configMapRef, secretRef } = source
  const kind = configMapRef === undefined ? 'secret' : 'configmap'
  const { name = '', optional = false } = configMapRef ?? secretRef ?? {}
  const object = objects[`${kind}s/${name}`]
  if (object === undefined) return optional ? undefined : notFound(kind, name)
  const data = dataOf(object)
  for (const key of Object.keys(data)) found[`${prefix}${key}`] = data[key] as string
  return undefined
}

type Value = { readonly text: string | undefined } | { readonly error: string }
function valueOf(
  variable: core.EnvVar,
  found: Readonly<Record<string, string>>,
  pod: Pod,
  container: core.Container,
  objects: Objects,
  addresses: Addresses,
): Value {
  const { valueFrom } = variable
  if (valueFrom?.fieldRef !== undefined) return { text: fieldOf(pod, valueFrom.fieldRef.fieldPath, addresses) }
  if (valueFrom?.resourceFieldRef !== undefined) {
    return { text: resourceOf(pod, container, valueFrom.resourceFieldRef, addresses) }
  }
  if (valueFrom?.configMapKeyRef !== undefined) return keyOf('configmap', valueFrom.configMapKeyRef, pod, objects)
  if (valueFrom?.secretKeyRef !== undefined) return keyOf('secret', valueFrom.secretKeyRef, pod, objects)
  return { text: expanded(variable.value ?? '', found) }
}

function keyOf(
  kind: 'configmap' | 'secret',
  { name = '', key, optional = false }: core.ConfigMapKeySelector,
  pod: Pod,
  objects: Objects,
): Value {
  const object = objects[`${kind}s/${name}`]
  if (object === undefined) return optional ? { text: undefined } : { error: notFound(kind, name) }
  const text = dataOf(object)[key]
  if (text !== undefined || optional) return { text }
  const what = kind === 'configmap' ? 'ConfigMap' : 'Secret'
  return { error: `couldn't find key ${key} in ${what} ${pod.metadata.namespace}/${name}` }
}

/** The downward API's fields. */
export function fieldOf(pod: Pod, path: string, { podIPs, hostIP }: Addresses): string {
  const { metadata, spec } = pod
  const subscript = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path)
  if (subscript !== null) return metadata[subscript[1] as 'labels']?.[subscript[2] as string] ?? ''
  const fields: Readonly<Record<string, string | undefined>> = {
    'metadata.name': metadata.name,
    'metadata.namespace': metadata.namespace,
    'metadata.uid': metadata.uid,
    'spec.nodeName': spec.nodeName,
    'spec.serviceAccountName': spec.serviceAccountName,
    'status.hostIP': hostIP,
    'status.hostIPs': hostIP,
    'status.podIP': podIPs[0],
    'status.podIPs': podIPs.join(','),
  }
  return fields[path] ?? ''
}

/** `limits.cpu` by a divisor, rounded up. A limit that is not set is what the node has. */
export function resourceOf(
  pod: Pod,
  container: core.Container,
  { containerName, resource, divisor = '1' }: core.ResourceFieldSelector,
  { capacity }: Addresses,
): string {
  const { resources } = containerName === undefined ? container : containerNamed(pod, containerName)
  const [list, name] = [resource.slice(0, resource.indexOf('.')), resource.slice(resource.indexOf('.') + 1)]
  const written = list === 'limits' ? (resources?.limits?.[name] ?? capacity[name]) : resources?.requests?.[name]
  const amount = parseQuantity(written ?? '0')
  const by = parseQuantity(divisor === '0' ? '1' : divisor)
  if (amount === undefined || by === undefined) return '0'
  const [a, b] = name === 'cpu' ? [milli(amount), milli(by)] : [value(amount), value(by)]
  return b === 0n ? formatQuantity(amount) : String((a + b - 1n) / b)
}

/** k8s.io/kubernetes/third_party/forked/golang/expansion: `$$` is one dollar, an unknown name stays as written. */
export const expanded = (text: string, variables: Readonly<Record<string, string>>): string =>
  text.replace(/\$\$|\$\(([^()]*)\)/g, (match, name: string | undefined) =>
    name === undefined ? '$' : (variables[name] ?? match),
  )
