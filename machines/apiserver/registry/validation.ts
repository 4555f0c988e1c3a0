/** 422: what is wrong with an object, or with a change of it. */
import type { ResourceFacts } from '../../lib/schema.ts'
import type { Status, StatusDetails } from '../../protocol/api.ts'
import type { ApiObject } from '../../protocol/objects.ts'
import { failure } from '../statuses.ts'
import { type Refusal, refuse } from './attempt.ts'

export type Causes = NonNullable<StatusDetails['causes']>

export function refusedAsInvalid(facts: ResourceFacts, object: ApiObject): Refusal | undefined {
  const causes = violations(facts, object)
  return causes.length === 0 ? undefined : refuse(invalid(facts.kind, facts.group, object.metadata.name, causes))
}

export function refusedAsInvalidUpdate(facts: ResourceFacts, next: ApiObject, was: ApiObject): Refusal | undefined {
  const causes = violationsOfUpdate(facts, next, was)
  return causes.length === 0 ? undefined : refuse(invalid(facts.kind, facts.group, next.metadata.name, causes))
}

/** errors.NewInvalid: `Deployment.apps "web" is invalid: spec.replicas: Invalid value: …` */
export const invalid = (kind: string, group: string, name: string, causes: Causes): Status =>
  failure(422, 'Invalid', invalidMessage(kind, group, name, causes), {
    ...(name === '' ? {} : { name }),
    ...(group === '' ? {} : { group }),
    kind,
    causes,
  })

const violations = (_: ResourceFacts, __: ApiObject): Causes => []
const violationsOfUpdate = (_: ResourceFacts, __: ApiObject, ___: ApiObject): Causes => []
function invalidMessage(kind: string, group: string, name: string, causes: Causes): string {
  const texts = causes.map(({ field, message }) => `${field}: ${message}`)
  const what = group === '' ? kind : `${kind}.${group}`
  return `${what} "${name}" is invalid: ${texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`}`
}
