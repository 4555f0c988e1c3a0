/**
 * A small world as an ActorLogic, so that the path functions of `@xstate/graph` can walk it. The only module that
 * imports `@xstate/graph`.
 */
import { getShortestPaths } from '@xstate/graph'
import type { ActorLogic, EventObject, Snapshot } from 'xstate'
import type { World } from '../world.ts'
import { type Choice, inWords, taken } from './choices.ts'
import { fingerprint } from './identity.ts'
import { choicesOf, type Question } from './search.ts'

/** What XState sees of a world. */
export type WorldSnapshot = Snapshot<undefined> & { readonly world: World }
/** Something happens; `choice` names it in words, so that a path can be read and taken again. */
export interface Happened extends EventObject {
  readonly type: 'happened'
  readonly choice: string
}

/** @throws from `transition` when what is said to have happened was not possible */
export const worldLogic = (start: World, question: Question): ActorLogic<WorldSnapshot, Happened> => ({
  getInitialSnapshot: () => snapshot(start),
  transition: ({ world }, { choice }) => snapshot(taken(world, find(world, choice, question), question.timing)),
  getPersistedSnapshot: (state) => state,
})

/** Every world that can be reached, each by a shortest path of sentences. */
export function shortestPaths(start: World, question: Question): readonly { state: World; steps: readonly string[] }[] {
  const paths = getShortestPaths(worldLogic(start, question), {
    events: ({ world }) => choicesOf(world, question).map((choice) => ({ type: 'happened', choice: inWords(choice) })),
    serializeState: ({ world }) => fingerprint(world, question.timing, question.fingerprints),
    limit: question.limit ?? 100_000,
  })
  return paths.map(({ state, steps }) => ({
    state: state.world,
    steps: steps.map(({ event }) => event.choice).filter((words) => words !== undefined),
  }))
}

const snapshot = (world: World): WorldSnapshot => ({ status: 'active', output: undefined, error: undefined, world })

function find(world: World, words: string, question: Question): Choice {
  const choice = choicesOf(world, question).find((each) => inWords(each) === words)
  if (choice === undefined) throw new Error(`"${words}" is not possible here`)
  return choice
}
