/** What each verb does with an object: first what is proposed, then, when admission has had its say, what it comes to. */
import type { ApiRequest } from '../../protocol/api.ts'
import type { ApiObject, Pod } from '../../protocol/objects.ts'
import { etcdKey } from '../etcd-keys.ts'
import { pathOf } from '../reads.ts'
import { badRequest, conflict, missing } from '../statuses.ts'
import { type Attempt, type Draft, draft, type Outcome, type Refusal, refuse } from './attempt.ts'
import { bindingProposed } from './binding.ts'
import { createProposed, createSettled } from './create.ts'
import { deletionSettled } from './deletion.ts'
import { isEviction, namesAnother } from './eviction.ts'
import { finalizeProposed } from './namespaces.ts'
import { patchProposed } from './patch.ts'
import { scaleProposed } from './scale.ts'
import { strategyOf } from './strategy.ts'
import { type TokenRequest, tokenProposed, tokenSettled } from './token.ts'
import { uidDiffers, updateProposed, updateSettled } from './update.ts'

/** Whether a request is for a new object: nothing must be read for it. */
export const isCreation = ({ verb, subresource }: ApiRequest): boolean => verb === 'create' && subresource === undefined
const isDeletion = (request: ApiRequest): boolean => request.verb === 'delete' || isEviction(request)

export function proposed(attempt: Attempt, current: ApiObject | undefined): Draft | Refusal {
  const { request, facts } = attempt
  if (isCreation(request)) return createProposed(attempt)
  if (namesAnother(request)) return refuse(badRequest('name in URL does not match name in Eviction object'))
  if (current === undefined) {
    const creates =
      request.verb === 'update' && request.subresource === undefined && strategyOf(facts).allowsCreateOnUpdate
    if (creates) return createProposed(attempt)
    const { uid } = (request.verb === 'update' ? (request.body as Partial<ApiObject>)?.metadata : undefined) ?? {}
    if (uid === undefined) return refuse(missing(request))
    const key = etcdKey(facts, pathOf(request))
    return refuse(conflict(facts.name, request.name ?? '', uidDiffers(key, uid, undefined)))
  }
  if (isDeletion(request)) return draft(current)
  if (request.subresource === 'binding') return bindingProposed(attempt, current as Pod)
  if (request.subresource === 'token') return tokenProposed(attempt, current)
  if (request.subresource === 'scale') return scaleProposed(attempt, current)
  if (request.subresource === 'finalize') return finalizeProposed(attempt, current)
  return request.verb === 'patch' ? patchProposed(attempt, current) : updateProposed(attempt, current)
}

export function settled(attempt: Attempt, object: ApiObject, current: ApiObject | undefined): Outcome {
  if (current === undefined || isCreation(attempt.request)) return createSettled(attempt, object)
  if (attempt.request.subresource === 'token') return tokenSettled(attempt, object as TokenRequest, current)
  return isDeletion(attempt.request) ? deletionSettled(attempt, current) : updateSettled(attempt, object, current)
}
