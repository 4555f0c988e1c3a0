/** Charts drawn at random, from a seed: any nesting of states, any targets, of the parts of small.ts. */
import type { AnyStateMachine } from 'xstate'
import { draw } from '../../../../runtime/contract.ts'
import { context, small } from './small.ts'

type Node = Record<string, unknown> & { states?: Record<string, Node>; type?: string }

const EVENTS = ['a', 'b', 'c', 'go']
const STEADY = ['note', 'count up', 'tell the count', 'tell and count', 'tell nothing']
/** Only an event may count again, as a chart that does so on its own would often go round for ever. */
const ACTIONS = [...STEADY, 'count again']
const GUARDS = ['count is even', 'count is small', 'count is large', 'told to go']
const DELAYS = ['short', 'as long as counted']

const isHistory = (path: readonly string[]): boolean => ['shallow', 'deep'].includes(path.at(-1) ?? '')

export function anyChart(seed: number): AnyStateMachine {
  let drawn = 0
  const below = (most: number): number => draw(seed, drawn++) % most
  const oneOf = <T>(list: readonly T[]): T => list[below(list.length)] as T
  const some = <T>(list: readonly T[], most: number): T[] => Array.from({ length: below(most + 1) }, () => oneOf(list))
  const id = `chart-${seed}`
  const all: (readonly string[])[] = []
  const parallel = new Set<string>()

  function node(path: readonly string[], depth: number, inParallel: boolean): Node {
    all.push(path)
    const kind = depth === 0 ? 'atomic' : oneOf(['atomic', 'compound', 'compound', 'parallel'])
    const actions = { entry: ['tell entry', ...some(STEADY, 1)], exit: ['tell exit', ...some(STEADY, 1)] }
    if (path.length > 0 && kind === 'atomic') {
      return !inParallel && below(3) === 0 ? { ...actions, type: 'final' } : { ...actions }
    }
    const states: Record<string, Node> = {}
    const keys = ['p', 'q', 'r'].slice(0, 1 + below(3))
    for (const key of keys) states[key] = node([...path, key], Math.max(0, depth - 1), kind === 'parallel')
    for (const history of ['shallow', 'deep'].filter(() => below(4) === 0)) {
      all.push([...path, history])
      states[history] = { type: 'history', history, ...(below(2) === 0 ? { target: oneOf(keys) } : {}) }
    }
    if (kind === 'parallel') parallel.add(path.join('.'))
    if (kind === 'parallel') return { ...actions, type: 'parallel', states }
    const target = oneOf(keys)
    return { ...actions, initial: below(3) === 0 ? { target, actions: some(STEADY, 2) } : target, states }
  }

  function transition(from: readonly string[]): Record<string, unknown> {
    return {
      ...(below(4) === 0 ? {} : { target: targets(from) }),
      ...(below(2) === 0 ? { guard: oneOf(GUARDS) } : {}),
      ...(below(4) === 0 ? { reenter: true } : {}),
      actions: some(ACTIONS, 2),
    }
  }
  /** One state, or two in different regions; no history from inside. */
  function targets(from: readonly string[]): string[] {
    const possible = all.filter((path) => !isHistory(path) || !path.slice(0, -1).every((key, i) => key === from[i]))
    const [a, b] = [oneOf(possible), oneOf(possible)]
    const parting = a.findIndex((key, i) => key !== b[i])
    const together = parting >= 0 && parting < b.length && parallel.has(a.slice(0, parting).join('.'))
    const whole = [a, b].some((path) => path.length === parting + 1 && isHistory(path))
    return (together && !whole ? [a, b] : [a]).map((path) => `#${[id, ...path].join('.')}`)
  }
  // Always-transitions count up and end when the count is large, as XState would go round for ever.
  const always = (from: readonly string[]): Record<string, unknown> => ({
    ...transition(from),
    guard: 'count is small',
    actions: ['count up', ...some(['note', 'tell the count'], 1)],
  })

  function withTransitions(state: Node, path: readonly string[]): Node {
    if (state.type === 'history') return state
    const states = Object.entries(state.states ?? {}).map(([key, child]) => [
      key,
      withTransitions(child, [...path, key]),
    ])
    const own = {
      on: Object.fromEntries(
        some(EVENTS, 3).map((type) => [type, Array.from({ length: 1 + below(2) }, () => transition(path))]),
      ),
      ...(below(6) === 0 ? { always: [always(path)] } : {}),
      ...(below(5) === 0 ? { after: { [oneOf(DELAYS)]: transition(path) } } : {}),
      ...(states.length > 0 && below(2) === 0 ? { onDone: { ...transition(path), actions: some(STEADY, 1) } } : {}),
    }
    const kept = state.type === 'final' ? {} : own
    return { ...state, ...kept, ...(states.length > 0 ? { states: Object.fromEntries(states) } : {}) }
  }

  const root = node([], 3, false)
  return small.createMachine({ id, context, ...withTransitions(root, []) } as never) as unknown as AnyStateMachine
}
