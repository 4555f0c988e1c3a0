/**
 * The small worlds once more, by hand: plain states and plain steps, with nothing of the runtime, and a search that is
 * too simple to be wrong. What the runtime finds has to be what is found here.
 */
type Json = string | number | boolean | null | readonly Json[] | { readonly [field: string]: Json }

/** Where it starts, and where each state leads. */
export interface Model<S extends Json> {
  readonly start: S
  next(state: S): readonly S[]
}

export function counted<S extends Json>({ start, next }: Model<S>): { states: number; ends: number } {
  const known = new Set([JSON.stringify(start)])
  let ends = 0
  for (let frontier = [start]; frontier.length > 0; ) {
    const found: S[] = []
    for (const state of frontier) {
      const after = next(state)
      if (after.length === 0) ends++
      for (const each of after) {
        const text = JSON.stringify(each)
        if (!known.has(text)) {
          known.add(text)
          found.push(each)
        }
      }
    }
    frontier = found
  }
  return { states: known.size, ends }
}

/** Calls are told apart by their number of try; `open` is the try whose answer still counts. */
type Request = {
  readonly client: 'waiting' | 'content' | 'disappointed'
  readonly tries: number
  readonly open: number
  readonly answers: number
  readonly asked: readonly number[]
  readonly answered: readonly number[]
}
export const request: Model<Request> = {
  start: { client: 'waiting', tries: 1, open: 1, answers: 0, asked: [1], answered: [] },
  next: (state) => {
    const after: Request[] = []
    const [asked, ...askedRest] = state.asked
    if (asked !== undefined)
      after.push({ ...state, asked: askedRest, answers: state.answers + 1, answered: [...state.answered, asked] })
    const [answered, ...answeredRest] = state.answered
    if (answered !== undefined) {
      const heard = state.client === 'waiting' && answered === state.open
      after.push({ ...state, answered: answeredRest, ...(heard ? { client: 'content', open: 0 } : {}) })
    }
    if (state.client === 'waiting' && state.tries < 2)
      after.push({ ...state, tries: state.tries + 1, open: state.tries + 1, asked: [...state.asked, state.tries + 1] })
    else if (state.client === 'waiting') after.push({ ...state, client: 'disappointed' })
    return after
  },
}

type Contender = {
  readonly is: 'asking' | 'waiting' | 'leading'
  readonly out: readonly string[]
  readonly in: readonly boolean[]
}
type Lease = { readonly holder: string; readonly a: Contender; readonly b: Contender }
const fresh: Contender = { is: 'asking', out: ['wanted'], in: [] }
export const lease: Model<Lease> = {
  start: { holder: '', a: fresh, b: fresh },
  next: (state) => (['a', 'b'] as const).flatMap((name) => stepsOf(state, name)),
}

function stepsOf(state: Lease, name: 'a' | 'b'): Lease[] {
  const me = state[name]
  const after: Lease[] = []
  const [said, ...rest] = me.out
  if (said === 'wanted') {
    const granted = state.holder === ''
    after.push({
      ...state,
      holder: granted ? name : state.holder,
      [name]: { ...me, out: rest, in: [...me.in, granted] },
    })
  } else if (said === 'returned') after.push({ ...state, holder: '', [name]: { ...me, out: rest } })
  const [granted, ...later] = me.in
  if (granted !== undefined) after.push({ ...state, [name]: { ...me, in: later, is: granted ? 'leading' : 'waiting' } })
  if (me.is === 'waiting') after.push({ ...state, [name]: { ...me, is: 'asking', out: [...me.out, 'wanted'] } })
  if (me.is === 'leading') after.push({ ...state, [name]: { ...me, is: 'waiting', out: [...me.out, 'returned'] } })
  return after
}

/**
 * `power`: on; off, which nobody elsewhere knows; and known, by the health check. That tells of the call that was open
 * when it went, if it is not answered by then, and of one that was made since. One made later does not get connected.
 */
type Counter = {
  readonly client: 'waiting' | 'content' | 'cutOff'
  readonly acknowledged: number
  readonly count: number
  readonly safe: number
  readonly server: 'resting' | 'syncing' | 'gone'
  readonly out: boolean
  readonly in: boolean
  readonly power: 'on' | 'off' | 'known'
  /** What the health check will tell of, and what it is telling. */
  readonly orphans: readonly ('open' | 'answered')[]
  readonly telling: readonly ('open' | 'answered' | 'refused')[]
  readonly dialling: boolean
}
const START: Counter = {
  client: 'waiting',
  acknowledged: 0,
  count: 0,
  safe: 0,
  server: 'resting',
  out: true,
  in: false,
  power: 'on',
  orphans: [],
  telling: [],
  dialling: false,
}
/** @param kept whether the loss of power keeps the one write that is not synced: the runtime draws it from the seed */
export const counter = (kept: boolean): Model<Counter> => ({
  start: START,
  next: (state) =>
    state.telling.length > 0
      ? [told(state)]
      : [...heard(state), ...served(state), ...power(state, kept), ...notConnected(state)],
})

function heard(state: Counter): Counter[] {
  if (!state.in) return []
  if (state.client === 'cutOff') return [{ ...state, in: false }]
  const acknowledged = state.acknowledged + 1
  const orphans = state.orphans.map(() => 'answered' as const)
  const after: Counter = { ...state, in: false, acknowledged, orphans }
  return [acknowledged === 2 ? { ...after, client: 'content' } : { ...after, out: true }]
}

function served(state: Counter): Counter[] {
  const arrived = { ...state, out: false }
  const on = state.power === 'on'
  const written: Counter = on ? { ...arrived, server: 'syncing', count: state.count + 1 } : inTheDark(arrived)
  const synced: Counter = { ...state, server: 'resting', safe: state.count, in: true }
  return [...(state.out ? [written] : []), ...(state.server === 'syncing' ? [synced] : [])]
}

function inTheDark(state: Counter): Counter {
  if (state.client !== 'waiting' || state.orphans.includes('open')) return state
  return state.power === 'known' ? { ...state, dialling: true } : { ...state, orphans: [...state.orphans, 'open'] }
}

function power(state: Counter, kept: boolean): Counter[] {
  if (state.power === 'known') return []
  if (state.power === 'off') return [{ ...state, power: 'known', orphans: [], telling: state.orphans }]
  const safe = kept ? state.count : state.safe
  return [
    { ...state, power: 'off', server: 'gone', count: safe, safe, orphans: state.client === 'waiting' ? ['open'] : [] },
  ]
}

const notConnected = (state: Counter): Counter[] =>
  state.dialling ? [{ ...state, dialling: false, telling: ['refused'] }] : []

const told = (state: Counter): Counter => ({
  ...state,
  telling: state.telling.slice(1),
  client: state.telling[0] === 'answered' ? state.client : 'cutOff',
})
