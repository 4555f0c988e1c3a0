/** What a Secret with a token of a ServiceAccount holds: pkg/controller/serviceaccount/tokens_controller.go. */
import { base64 } from '../../lib/base64.ts'
import { SOME_CERTIFICATE } from '../../lib/certificate.ts'
import { legacyClaims, signed } from '../../lib/service-account-token.ts'
import type { Secret, ServiceAccount } from '../../protocol/objects.ts'

const TOKEN_TYPE = 'kubernetes.io/service-account-token'
const ACCOUNT_NAME = 'kubernetes.io/service-account.name'
const ACCOUNT_UID = 'kubernetes.io/service-account.uid'
/** `--root-ca-file` */
const CERTIFICATE = base64(SOME_CERTIFICATE)

export const isToken = ({ type }: Secret): boolean => type === TOKEN_TYPE
export const accountOf = ({ metadata }: Secret): string => metadata.annotations?.[ACCOUNT_NAME] ?? ''

/** Of that name, and not another one that has it now. */
export function isItsAccount(account: ServiceAccount | undefined, { metadata }: Secret): boolean {
  const uid = metadata.annotations?.[ACCOUNT_UID] ?? ''
  return account !== undefined && (uid === '' || uid === account.metadata.uid)
}

/** The Secret with all that was missing; undefined when nothing was. */
export function filledIn(secret: Secret, account: ServiceAccount): Secret | undefined {
  const { data = {}, metadata } = secret
  const missing: Record<string, string> = {
    ...(data['ca.crt'] === CERTIFICATE ? {} : { 'ca.crt': CERTIFICATE }),
    ...(isEmpty(data['namespace']) ? { namespace: base64(metadata.namespace ?? '') } : {}),
    ...(isEmpty(data['token']) ? { token: base64(signed(legacyClaims(account, secret))) } : {}),
  }
  if (Object.keys(missing).length === 0) return undefined
  const named = { [ACCOUNT_NAME]: account.metadata.name, [ACCOUNT_UID]: account.metadata.uid ?? '' }
  return {
    ...secret,
    metadata: { ...metadata, annotations: { ...metadata.annotations, ...named } },
    data: { ...data, ...missing },
  }
}
const isEmpty = (value: string | undefined): boolean => value === undefined || value === ''
