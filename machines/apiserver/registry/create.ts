/** Creation: rest.BeforeCreate and the PrepareForCreate of each strategy. */

import { draw } from '../../../runtime/contract.ts'
import { joined } from '../../lib/joined.ts'
import { nameSuffix, uidOf } from '../../lib/names.ts'
import { rfc3339 } from '../../lib/time.ts'
import { type ApiObject, keyFor } from '../../protocol/objects.ts'
import { unversioned } from '../frozen.ts'
import { internal } from '../statuses.ts'
import { type Attempt, type Draft, type Outcome, type Refusal, refuse, store } from './attempt.ts'
import { decoded } from './decoding.ts'
import { strategyOf } from './strategy.ts'
import { refusedAsInvalid } from './validation.ts'

export function createProposed({ request, facts }: Attempt): Draft | Refusal {
  const proposed = decoded(request.body, facts, request)
  if (proposed.does === 'refuse' || (proposed.object.metadata.resourceVersion ?? '') === '') return proposed
  return refuse(internal('resourceVersion should not be set on objects to be created'))
}

/** The object as it will be stored, once admission has had its say. */
export function createSettled(attempt: Attempt, object: ApiObject): Outcome {
  const { facts } = attempt
  const value = strategyOf(facts).prepareForCreate(withIdentity(attempt, object))
  return refusedAsInvalid(facts, value) ?? store(facts, unversioned(value))
}

/** What the server alone decides of an object's metadata: rest.FillObjectMetaSystemFields. */
function withIdentity(attempt: Attempt, object: ApiObject): ApiObject {
  const { facts, at, dice } = attempt
  const { deletionTimestamp: _, deletionGracePeriodSeconds: __, generation: ___, ...given } = object.metadata
  const name = given.name ?? generated(attempt, given.generateName ?? '')
  const uid = uidOf(dice, facts.name, keyFor(given.namespace, name), at)
  const metadata = joined(given, { name, uid, creationTimestamp: rfc3339(at) })
  return joined(object, { metadata: strategyOf(facts).hasGeneration ? joined(metadata, { generation: 1 }) : metadata })
}

/** The prefix, cut to 58 letters, and five letters: names.SimpleNameGenerator. No name at all is found by validation. */
function generated({ dice, facts, request, ordinal, attempt }: Attempt, prefix: string): string {
  if (prefix === '') return ''
  const suffix = draw(dice, 'name', facts.name, request.namespace ?? '', prefix, ordinal, attempt)
  return `${prefix.slice(0, 58)}${nameSuffix(suffix)}`
}
