/** Rules for ConfigMaps and Secrets. */
import type { ConfigMap, Secret } from '../../protocol/objects.ts'
import { decodedLength, unbase64 } from '../base64.ts'
import { sameJson } from '../go-text.ts'
import { complain, type Found, forbidden, IMMUTABLE, invalid, required, tooLong } from './causes.ts'
import { configMapKey } from './formats.ts'

const MOST_BYTES = 1_024 * 1_024
type Texts = Readonly<Record<string, string>>

export function checkConfigMap(found: Found, { data = {}, binaryData = {} }: ConfigMap): void {
  let size = 0
  for (const key in data) {
    complain(found, `data[${key}]`, key, configMapKey(key))
    if (key in binaryData) found.push(invalid(`data[${key}]`, key, 'duplicate of key present in binaryData'))
    size += (data[key] as string).length
  }
  for (const key in binaryData) {
    complain(found, `binaryData[${key}]`, key, configMapKey(key))
    size += decodedLength(binaryData[key] as string)
  }
  if (size > MOST_BYTES) found.push(tooLong('[]', MOST_BYTES))
}

type Fixed = { readonly immutable?: boolean; readonly data?: Texts; readonly binaryData?: Texts }
const FIXED = 'field is immutable when `immutable` is set'

export function checkFixed(found: Found, next: Fixed, was: Fixed): void {
  if (was.immutable !== true) return
  if (next.immutable !== true) found.push(forbidden('immutable', FIXED))
  if (!sameJson(next.data ?? {}, was.data ?? {})) found.push(forbidden('data', FIXED))
  if (!sameJson(next.binaryData ?? {}, was.binaryData ?? {})) found.push(forbidden('binaryData', FIXED))
}

export function checkSecret(found: Found, { metadata, type, data = {} }: Secret): void {
  let size = 0
  for (const key in data) {
    complain(found, `data[${key}]`, key, configMapKey(key))
    size += decodedLength(data[key] as string)
  }
  if (size > MOST_BYTES) found.push(tooLong('data', MOST_BYTES))
  const account = 'kubernetes.io/service-account.name'
  if (type === 'kubernetes.io/service-account-token' && !metadata.annotations?.[account]) {
    found.push(required(`metadata.annotations[${account}]`))
  }
  checkContents(found, type ?? '', data)
}

function checkContents(found: Found, type: string, data: Texts): void {
  switch (type) {
    case 'kubernetes.io/dockercfg':
      return checkJson(found, '.dockercfg', data)
    case 'kubernetes.io/dockerconfigjson':
      return checkJson(found, '.dockerconfigjson', data)
    case 'kubernetes.io/basic-auth':
      return data.username === undefined && data.password === undefined
        ? checkKeys(found, ['username', 'password'], data)
        : undefined
    case 'kubernetes.io/ssh-auth':
      return data['ssh-privatekey'] ? undefined : void found.push(required('data[ssh-privatekey]'))
    case 'kubernetes.io/tls':
      return checkKeys(found, ['tls.crt', 'tls.key'], data)
    default:
  }
}

function checkKeys(found: Found, keys: readonly string[], data: Texts): void {
  for (const key of keys) if (data[key] === undefined) found.push(required(`data[${key}]`))
}

function checkJson(found: Found, key: string, data: Texts): void {
  const encoded = data[key]
  if (encoded === undefined) {
    found.push(required(`data[${key}]`))
    return
  }
  const complaint = jsonComplaint(String.fromCharCode(...unbase64(encoded).bytes))
  if (complaint !== undefined) found.push(invalid(`data[${key}]`, '<secret contents redacted>', complaint))
}

/** What Go says of a text that is no JSON object. */
function jsonComplaint(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const isMap = typeof value === 'object' && !Array.isArray(value)
    return isMap
      ? undefined
      : `json: cannot unmarshal ${Array.isArray(value) ? 'array' : typeof value} into Go value of type map[string]interface {}`
  } catch {
    const first = text.trimStart()[0]
    return first === undefined
      ? 'unexpected end of JSON input'
      : `invalid character '${first}' looking for beginning of value`
  }
}

/** ValidateSecretUpdate, before the Secret is looked at as a whole. */
export function checkSecretUpdate(found: Found, next: Secret, was: Secret): void {
  if (next.type !== was.type) found.push(invalid('type', next.type ?? '', IMMUTABLE))
  checkFixed(found, next, was)
}
