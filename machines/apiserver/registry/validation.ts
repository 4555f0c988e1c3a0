/** 422: what is wrong with an object, or with a change of it. */
import { invalidMessage, violations, violationsOfUpdate } from '../../lib/schema/validation.ts'
import type { ResourceFacts } from '../../lib/schema.ts'
import type { Status, StatusDetails, Subresource } from '../../protocol/api.ts'
import type { ApiObject } from '../../protocol/objects.ts'
import { failure } from '../statuses.ts'
import { type Refusal, refuse } from './attempt.ts'

export type Causes = NonNullable<StatusDetails['causes']>

export function refusedAsInvalid(facts: ResourceFacts, object: ApiObject): Refusal | undefined {
  const causes = violations(facts, object)
  return causes.length === 0 ? undefined : refuse(invalid(facts.kind, facts.group, object.metadata.name, causes))
}

/** A binding and a finalization are judged by their own few rules, where they are proposed. */
export function refusedAsInvalidUpdate(
  facts: ResourceFacts,
  next: ApiObject,
  was: ApiObject,
  subresource: Subresource | undefined,
): Refusal | undefined {
  if (subresource === 'binding' || subresource === 'finalize') return undefined
  const causes = violationsOfUpdate(facts, next, was, subresource)
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
