/** What an admission plugin is: a plain function that passes an object on, changes it, refuses it, or must ask first. */
import type { ApiObject } from '../../protocol/objects.ts'
import type { Attempt, LookUp, Refusal } from '../registry/attempt.ts'

/** @returns the object to go on with. */
export type Plugin = (attempt: Attempt, object: ApiObject, was: ApiObject | undefined) => ApiObject | Refusal | LookUp

export const isObject = (result: ReturnType<Plugin>): result is ApiObject => !('does' in result)
/** Whether a request makes a new object of this resource, itself and no subresource. */
export const creates = ({ request, facts }: Attempt, resource: string): boolean =>
  request.verb === 'create' && request.subresource === undefined && facts.name === resource
