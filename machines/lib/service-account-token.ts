/**
 * Tokens of ServiceAccounts: the claims are the real ones (pkg/serviceaccount/claims.go, legacy.go). The signature is a
 * checksum: nobody in the model could forge one, and nobody outside has the key.
 */
import type { Secret, ServiceAccount } from '../protocol/objects.ts'
import { base64 } from './base64.ts'
import { md5 } from './md5.ts'

export type Claims = Readonly<Record<string, unknown>>

/** `--service-account-issuer`, which is the audience of the API server too. */
export const ISSUER = 'https://kubernetes.default.svc.cluster.local'
const LEGACY_ISSUER = 'kubernetes/serviceaccount'

/** A JSON web token. */
export function signed(claims: Claims): string {
  const body = `${url({ alg: 'RS256', kid: 'orrery' })}.${url(claims)}`
  return `${body}.${plain(base64(md5(body)))}`
}
const url = (value: unknown): string => plain(base64(JSON.stringify(value)))
const plain = (encoded: string): string => encoded.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')

export const subjectOf = (namespace: string, name: string): string => `system:serviceaccount:${namespace}:${name}`

/** What the token in a Secret says: it names both and never expires. */
export function legacyClaims({ metadata: account }: ServiceAccount, { metadata: secret }: Secret): Claims {
  const namespace = account.namespace ?? ''
  return {
    iss: LEGACY_ISSUER,
    'kubernetes.io/serviceaccount/namespace': namespace,
    'kubernetes.io/serviceaccount/secret.name': secret.name,
    'kubernetes.io/serviceaccount/service-account.name': account.name,
    'kubernetes.io/serviceaccount/service-account.uid': account.uid ?? '',
    sub: subjectOf(namespace, account.name),
  }
}
