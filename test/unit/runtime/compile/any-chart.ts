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
  const id = `chart-${seed}`
  const config = { id, context, ...new Drawing(seed, id).root() }
  return small.createMachine(config as never) as unknown as AnyStateMachine
}

type Path = readonly string[]

class Drawing {
  private readonly seed: number
  private readonly id: string
  private drawn = 0
  private readonly all: Path[] = []
  private readonly parallel = new Set<string>()

  constructor(seed: number, id: string) {
    this.seed = seed
    this.id = id
  }

  /** First all states, then the transitions among them. */
  root(): Node {
    return this.withTransitions(this.state([], 3, false), [])
  }

  private below(most: number): number {
    return draw(this.seed, this.drawn++) % most
  }
  private oneOf<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T
  }
  private some<T>(list: readonly T[], most: number): T[] {
    return Array.from({ length: this.below(most + 1) }, () => this.oneOf(list))
  }

  private state(path: Path, depth: number, inParallel: boolean): Node {
    this.all.push(path)
    const kind = depth === 0 ? 'atomic' : this.oneOf(['atomic', 'compound', 'compound', 'parallel'])
    const actions = { entry: ['tell entry', ...this.some(STEADY, 1)], exit: ['tell exit', ...this.some(STEADY, 1)] }
    if (path.length > 0 && kind === 'atomic')
      return !inParallel && this.below(3) === 0 ? { ...actions, type: 'final' } : { ...actions }
    const keys = ['p', 'q', 'r'].slice(0, 1 + this.below(3))
    const states = this.inside(path, keys, Math.max(0, depth - 1), kind === 'parallel')
    if (kind === 'parallel') {
      this.parallel.add(path.join('.'))
      return { ...actions, type: 'parallel', states }
    }
    const target = this.oneOf(keys)
    return { ...actions, initial: this.below(3) === 0 ? { target, actions: this.some(STEADY, 2) } : target, states }
  }

  private inside(path: Path, keys: readonly string[], depth: number, inParallel: boolean): Record<string, Node> {
    const states: Record<string, Node> = {}
    for (const key of keys) states[key] = this.state([...path, key], depth, inParallel)
    for (const history of ['shallow', 'deep'].filter(() => this.below(4) === 0)) {
      this.all.push([...path, history])
      states[history] = { type: 'history', history, ...(this.below(2) === 0 ? { target: this.oneOf(keys) } : {}) }
    }
    return states
  }

  private withTransitions(state: Node, path: Path): Node {
    if (state.type === 'history') return state
    const inside = Object.entries(state.states ?? {})
    const states = inside.map(([key, child]) => [key, this.withTransitions(child, [...path, key])])
    const below = states.length > 0 ? { states: Object.fromEntries(states) } : {}
    return { ...state, ...(state.type === 'final' ? {} : this.ways(path, states.length > 0)), ...below }
  }

  private ways(path: Path, ends: boolean): object {
    const several = () => Array.from({ length: 1 + this.below(2) }, () => this.transition(path))
    return {
      on: Object.fromEntries(this.some(EVENTS, 3).map((type) => [type, several()])),
      ...(this.below(6) === 0 ? { always: [this.always(path)] } : {}),
      ...(this.below(5) === 0 ? { after: { [this.oneOf(DELAYS)]: this.transition(path) } } : {}),
      ...(ends && this.below(2) === 0 ? { onDone: { ...this.transition(path), actions: this.some(STEADY, 1) } } : {}),
    }
  }

  private transition(from: Path): object {
    return {
      ...(this.below(4) === 0 ? {} : { target: this.targets(from) }),
      ...(this.below(2) === 0 ? { guard: this.oneOf(GUARDS) } : {}),
      ...(this.below(4) === 0 ? { reenter: true } : {}),
      actions: this.some(ACTIONS, 2),
    }
  }

  /** These count up and end when the count is large, as XState would go round for ever. */
  private always(from: Path): object {
    const actions = ['count up', ...this.some(['note', 'tell the count'], 1)]
    return { ...this.transition(from), guard: 'count is small', actions }
  }

  /** One state, or two in different regions; no history from inside. */
  private targets(from: Path): string[] {
    const possible = this.all.filter(
      (path) => !isHistory(path) || !path.slice(0, -1).every((key, i) => key === from[i]),
    )
    const [a, b] = [this.oneOf(possible), this.oneOf(possible)]
    const parting = a.findIndex((key, i) => key !== b[i])
    const together = parting >= 0 && parting < b.length && this.parallel.has(a.slice(0, parting).join('.'))
    const whole = [a, b].some((path) => path.length === parting + 1 && isHistory(path))
    return (together && !whole ? [a, b] : [a]).map((path) => `#${[this.id, ...path].join('.')}`)
  }
}
