/** Answers of an API server, for charts that are walked by hand. */
import type { ApiAnswered } from '../../../../../machines/protocol/api.ts'
import type { ApiObject } from '../../../../../machines/protocol/objects.ts'
import { Tree } from '../../../../../runtime/tree.ts'

export const ok = (object: unknown = {}): ApiAnswered => ({
  type: 'api.answered',
  code: 200,
  object: object as ApiObject,
})
export const refused = (code: number, reason: string, message = reason): ApiAnswered => ({
  type: 'api.answered',
  code,
  status: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message },
})
export const listed = (objects: readonly ApiObject[], resourceVersion: string): ApiAnswered => ({
  type: 'api.answered',
  code: 200,
  list: {
    view: `@${resourceVersion}`,
    objects: Tree.of(
      objects.map((object) => [`${object.metadata.namespace}/${object.metadata.name}`, object] as const),
    ),
    resourceVersion,
  },
})
export const lost = (line = '') => ({ type: 'call.lost', line, reason: 'reset' })
/** An event written out where it is given. */
export const event = <E extends { readonly type: string }>(told: E): E => told
