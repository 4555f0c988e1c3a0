/** The admission chain, in the order of the real one: pkg/kubeapiserver/options/plugins.go. */
import type { ApiObject } from '../../protocol/objects.ts'
import type { Attempt, Draft, LookUp, Refusal } from '../registry/attempt.ts'
import { type TokenRequest, tokenAdmitted } from '../registry/token.ts'
import { defaultTolerationSeconds } from './default-toleration-seconds.ts'
import { namespaceLifecycle } from './namespace-lifecycle.ts'
import { isObject, type Plugin } from './plugin.ts'
import { priority } from './priority.ts'
import { serviceAccount } from './service-account.ts'
import { serviceAddresses } from './service-addresses.ts'
import { storageObjectInUseProtection } from './storage-object-in-use-protection.ts'
import { taintNodesByCondition } from './taint-nodes-by-condition.ts'

const PLUGINS: readonly Plugin[] = [
  namespaceLifecycle,
  serviceAccount,
  taintNodesByCondition,
  priority,
  defaultTolerationSeconds,
  storageObjectInUseProtection,
  serviceAddresses,
  (attempt, object) =>
    attempt.request.subresource === 'token' ? tokenAdmitted(attempt, object as TokenRequest) : object,
]

/** The first plugin that refuses, or that must know more, ends the chain. */
export function admitted(attempt: Attempt, object: ApiObject, was: ApiObject | undefined): Draft | Refusal | LookUp {
  let admittedSoFar = object
  for (const plugin of PLUGINS) {
    const result = plugin(attempt, admittedSoFar, was)
    if (!isObject(result)) return result
    admittedSoFar = result
  }
  return { does: 'draft', object: admittedSoFar }
}
