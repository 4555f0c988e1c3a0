/** Garbage collection of what nobody owns any more (pkg/controller/garbagecollector). */
import type { Member } from '../kit/controller.ts'
import { type Listed, standing } from '../kit/listed.ts'
import { garbageAttempt } from './garbage-attempt.ts'
import { garbageCollector } from './garbage-collector.ts'
import { collectedKinds, type Kind } from './kinds.ts'

/** For a cluster with kinds of its own. */
export function garbageCollectorWith(ownKinds: readonly Kind[]): Listed {
  const kinds = [...collectedKinds, ...ownKinds]
  const member: Member = {
    name: 'garbage-collector',
    serviceAccount: 'generic-garbage-collector',
    caches: kinds.map(({ resource }) => ({ resource, only: 'ownership' })),
  }
  return standing(member, garbageCollector(kinds, ownKinds), garbageAttempt)
}
export const garbageCollectorController: Listed = garbageCollectorWith([])
export type { Kind } from './kinds.ts'
