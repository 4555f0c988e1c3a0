/** The word that a leader is there. */
import type { Context, Mail } from '../context.ts'

/** Nobody is told of a commit beyond what its own log is known to hold. */
export function heartbeats({ peers, progress: all, commit, term }: Context, context: string): readonly Mail[] {
  return peers.map((to) => ({
    to,
    message: { type: 'MsgHeartbeat', term, commit: Math.min(commit, all[to]?.match ?? 0), context },
  }))
}
