/**
 * What must hold between the members of one cluster after every step, whatever was lost, delayed or cut (the five
 * guarantees of the raft paper, figure 3). Each takes the contexts of members that live, and says what is wrong.
 */
import type { Entry } from '../protocol/raft.ts'
import { type Context, leads } from './context.ts'
import { entryAt, termAt } from './raft/log.ts'

type Invariant = (members: readonly Context[]) => readonly string[]

/** At most one leader can be elected in a given term. */
export const electionSafety: Invariant = (members) =>
  pairs(members.filter(leads))
    .filter(([a, b]) => a.term === b.term)
    .map(([a, b]) => `election safety: ${a.self} and ${b.self} both lead in term ${a.term}`)

/** A leader never overwrites or deletes entries in its log; it only appends. Held against the step before. */
export function leaderAppendOnly(before: Context, after: Context): readonly string[] {
  if (!leads(before) || !leads(after) || before.term !== after.term) return []
  const { index, term } = before.log.last
  const isKept = index <= after.log.compacted.index || termAt(after.log, index) === term
  return isKept ? [] : [`leader append-only: ${after.self} lost its entry ${index} of term ${term}`]
}

/** If two logs contain an entry with the same index and term, they are identical in all entries up to it. */
export const logMatching: Invariant = (members) =>
  pairs(members).flatMap(([a, b]) => {
    let isSame = false
    for (let index = Math.min(a.log.last.index, b.log.last.index); index > floorOf(a, b); index--) {
      const [one, other] = [entryAt(a.log, index), entryAt(b.log, index)]
      // Entries are shared by reference, and so are, then, all before them.
      if (one === other && isSame) break
      if (one?.term === other?.term) isSame = true
      if (isSame && (one?.term !== other?.term || !isSameData(one, other)))
        return [`log matching: ${a.self} and ${b.self} differ at ${index} and agree later`]
    }
    return []
  })

/** An entry that is committed in some term is in the logs of the leaders of all later terms. */
export const leaderCompleteness: Invariant = (members) =>
  members
    .filter(leads)
    .flatMap((leader) =>
      members
        .filter(({ term, applied }) => term <= leader.term && applied > leader.log.last.index)
        .map(({ self, applied }) => `leader completeness: ${self} has applied ${applied}, ${leader.self} has it not`),
    )

/** No two members apply different entries at one index. */
export const stateMachineSafety: Invariant = (members) =>
  pairs(members).flatMap(([a, b]) => {
    const index = Math.min(a.applied, b.applied)
    if (index <= floorOf(a, b) || entryAt(a.log, index)?.term === entryAt(b.log, index)?.term) return []
    return [`state machine safety: ${a.self} and ${b.self} applied different entries at ${index}`]
  })

/** What each member's own numbers promise. */
export const order: Invariant = (members) =>
  members
    .filter(({ applied, commit, stable, log }) => applied > Math.min(commit, stable) || stable > log.last.index)
    .map(({ self }) => `order: ${self} applied what is not committed, or holds for safe what is not in its log`)

export const violations: Invariant = (members) =>
  [electionSafety, logMatching, leaderCompleteness, stateMachineSafety, order].flatMap((holds) => holds(members))

/** The same proposal: of one life of one member, under one number; or the same member named at the founding. */
function isSameData(one: Entry | undefined, other: Entry | undefined): boolean {
  const [a, b] = [one?.data, other?.data]
  if (a === b || a === undefined || b === undefined) return a === b
  if ('addNode' in a || 'addNode' in b) return 'addNode' in a && 'addNode' in b && a.addNode === b.addNode
  return a.origin === b.origin && a.life === b.life && a.number === b.number
}
const floorOf = (a: Context, b: Context): number => Math.max(a.log.compacted.index, b.log.compacted.index)
const pairs = (members: readonly Context[]): readonly (readonly [Context, Context])[] =>
  members.flatMap((a, i) => members.slice(i + 1).map((b) => [a, b] as const))
