/** The ConfigMaps and Secrets that a pod names, and what is wrong when they are not there. */
import type { ApiObject, ConfigMap, core, Pod, Secret } from '../../protocol/objects.ts'

/** `configmaps/settings`; objects by that key, `undefined` when the API has none. */
export type Objects = Readonly<Record<string, ApiObject | undefined>>

interface Reference {
  readonly key: string
  readonly optional: boolean
}
const configMap = (name: string | undefined, optional = false): Reference => ({ key: `configmaps/${name}`, optional })
const secret = (name: string | undefined, optional = false): Reference => ({ key: `secrets/${name}`, optional })

export const referencesOfEnvironment = ({ env = [], envFrom = [] }: core.Container): Reference[] => [
  ...envFrom.flatMap(({ configMapRef, secretRef }) => [
    ...(configMapRef === undefined ? [] : [configMap(configMapRef.name, configMapRef.optional)]),
    ...(secretRef === undefined ? [] : [secret(secretRef.name, secretRef.optional)]),
  ]),
  ...env.flatMap(({ valueFrom }) => [
    ...(valueFrom?.configMapKeyRef === undefined
      ? []
      : [configMap(valueFrom.configMapKeyRef.name, valueFrom.configMapKeyRef.optional)]),
    ...(valueFrom?.secretKeyRef === undefined
      ? []
      : [secret(valueFrom.secretKeyRef.name, valueFrom.secretKeyRef.optional)]),
  ]),
]

/** The volume that admission adds for the API's token is left alone: nobody looks into it here. */
const isApiAccess = ({ name }: core.Volume): boolean => name.startsWith('kube-api-access-')

export function referencesOfVolume(volume: core.Volume): Reference[] {
  if (isApiAccess(volume)) return []
  const { configMap: map, secret: hidden, projected } = volume
  return [
    ...(map === undefined ? [] : [configMap(map.name, map.optional)]),
    ...(hidden === undefined ? [] : [secret(hidden.secretName, hidden.optional)]),
    ...(projected?.sources ?? []).flatMap((source) => [
      ...(source.configMap === undefined ? [] : [configMap(source.configMap.name, source.configMap.optional)]),
      ...(source.secret === undefined ? [] : [secret(source.secret.name, source.secret.optional)]),
    ]),
  ]
}
export const keysOfVolumes = ({ spec }: Pod): string[] =>
  unique((spec.volumes ?? []).flatMap(referencesOfVolume).map(({ key }) => key))
export const keysOfEnvironment = (container: core.Container): string[] =>
  unique(referencesOfEnvironment(container).map(({ key }) => key))
export const keysOfPullSecrets = ({ spec }: Pod): string[] =>
  unique((spec.imagePullSecrets ?? []).map(({ name }) => secret(name).key))
const unique = (keys: readonly string[]): string[] => [...new Set(keys)]

/** What is mounted of a volume, by path; or why it cannot be mounted. */
export function filesOf(volume: core.Volume, objects: Objects): { files: Record<string, string> } | { error: string } {
  const files: Record<string, string> = {}
  const parts: Part[] = [
    ...(volume.configMap === undefined ? [] : [partOf('configmap', volume.configMap.name, volume.configMap)]),
    ...(volume.secret === undefined ? [] : [partOf('secret', volume.secret.secretName, volume.secret)]),
    ...(isApiAccess(volume) ? [] : (volume.projected?.sources ?? [])).flatMap((source) => [
      ...(source.configMap === undefined ? [] : [partOf('configmap', source.configMap.name, source.configMap)]),
      ...(source.secret === undefined ? [] : [partOf('secret', source.secret.name, source.secret)]),
    ]),
  ]
  for (const part of parts) {
    const error = added(files, part, objects)
    if (error !== undefined) return { error }
  }
  return { files }
}
interface Part {
  readonly kind: 'configmap' | 'secret'
  readonly name: string
  readonly optional: boolean
  readonly items: readonly core.KeyToPath[]
}
const partOf = (
  kind: Part['kind'],
  name: string | undefined,
  { optional = false, items = [] }: { optional?: boolean; items?: readonly core.KeyToPath[] },
): Part => ({ kind, name: name ?? '', optional, items })

function added(files: Record<string, string>, part: Part, objects: Objects): string | undefined {
  const object = objects[`${part.kind}s/${part.name}`]
  if (object === undefined) return part.optional ? undefined : notFound(part.kind, part.name)
  const data = dataOf(object)
  if (part.items.length === 0) Object.assign(files, data)
  for (const { key, path } of part.items) {
    const text = data[key]
    if (text !== undefined) files[path] = text
    else if (!part.optional)
      return part.kind === 'configmap'
        ? `configmap references non-existent config key: ${key}`
        : `references non-existent secret key: ${key}`
  }
  return undefined
}

export const notFound = (kind: 'configmap' | 'secret', name: string): string => `${kind} "${name}" not found`

/** The texts of a ConfigMap or Secret. A Secret's values are base64 on the wire. */
export function dataOf(object: ApiObject): Readonly<Record<string, string>> {
  if (object.kind !== 'Secret') return (object as ConfigMap).data ?? {}
  const { data = {} } = object as Secret
  return Object.fromEntries(Object.entries(data).map(([key, text]) => [key, decoded(text)]))
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
/** base64 to UTF-8 text; bytes that are no text are left out. */
function decoded(text: string): string {
  let bits = 0
  let held = 0
  let percent = ''
  for (const letter of text.replace(/=+$/, '')) {
    held = ((held << 6) | LETTERS.indexOf(letter)) & 0xffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    percent += `%${((held >> bits) & 0xff).toString(16).padStart(2, '0')}`
  }
  try {
    return decodeURIComponent(percent)
  } catch {
    return ''
  }
}
