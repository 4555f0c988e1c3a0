/** Tokens in Secrets, as they were given before there were TokenRequests (pkg/controller/serviceaccount). */
import type { View } from '../../protocol/cache.ts'
import type { ApiObject, Secret } from '../../protocol/objects.ts'
import type { Controller } from '../kit/controller.ts'
import { type Listed, supervised } from '../kit/listed.ts'
import { accountOf, isToken } from './token.ts'
import { tokenSecret } from './token-secret.ts'

export const serviceAccountTokenController: Controller = {
  name: 'serviceaccount-token',
  asProcess: true,
  resource: 'secrets',
  object: 'token-secret',
  workers: 5,
  maxRetries: 10,
  caches: [{ resource: 'secrets' }, { resource: 'serviceaccounts' }],
  concerns: (resource, { key, was, now }, view) => {
    if (resource === 'secrets')
      return [now, was].some((secret) => secret !== undefined && isToken(secret as Secret)) ? [key] : []
    return was !== undefined && was.metadata.uid !== now?.metadata.uid ? secretsOf(was, view) : []
  },
}
export const serviceAccountTokens: Listed = supervised(serviceAccountTokenController, tokenSecret)

/** The tokens of an account that is gone. */
function secretsOf({ metadata: { namespace, name } }: ApiObject, view: View): readonly string[] {
  const keys: string[] = []
  view.secrets?.objects.range(`${namespace}/`, `${namespace}0`, (secret, key) => {
    if (isToken(secret) && accountOf(secret) === name) keys.push(key)
    return true
  })
  return keys
}
