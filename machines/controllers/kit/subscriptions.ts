/** What of the changes of a resource a subscriber of its reflector wants to hear. */
import type { Delta, Subscriber } from '../../protocol/cache.ts'
import type { ApiObject } from '../../protocol/objects.ts'
import { concernsOwnership } from './owners.ts'

type Only = NonNullable<Subscriber['only']>

/** The changes for those who want no others; the very list when it is all of them. */
export function wantedBy(only: Only | undefined, deltas: readonly Delta[]): readonly Delta[] {
  if (only === undefined) return deltas
  const wanted = deltas.filter(WANTED[only])
  return wanted.length === deltas.length ? deltas : wanted
}

const WANTED: Readonly<Record<Only, (delta: Delta) => boolean>> = {
  deletions: ({ now }) => now === undefined,
  endings: ({ was, now }) => now === undefined || (isOver(now) && (was === undefined || !isOver(was))),
  ownership: ({ was, now }) => concernsOwnership(was, now),
}

/** A pod that has come to its end. */
const isOver = (object: ApiObject): boolean => {
  const phase = (object as { readonly status?: { readonly phase?: string } }).status?.phase
  return phase === 'Succeeded' || phase === 'Failed'
}
