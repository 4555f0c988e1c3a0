/**
 * Is a history of concurrent operations what one copy of the object could have answered, one operation after the other,
 * each at some moment between its beginning and its end? The search of Wing and Gong, with Lowe's cache of what was
 * reached before (the same operations done, the same state: nothing new can follow), for one object at a time:
 * a history is linearizable when that of each of its objects is (Herlihy and Wing).
 */

/** One operation on one object. */
export interface Operation {
  /** Its object: histories of different objects are judged apart. */
  readonly object: string
  /** Instants on one clock, whose order is the order of time. Equal ones count as overlapping. */
  readonly began: number
  /** Undefined: no answer came. It may have been done at any time after it began, or never. */
  readonly ended: number | undefined
  /** Operations of one object without an answer and of the same kind do the same: it does not matter which of them. */
  readonly kind?: string | undefined
  /** It changes nothing, whatever the state: where it can be done, it is best done. */
  readonly onlyReads?: boolean
  /** Where the object itself tells the order: nothing is done before an answered operation of lower rank. */
  readonly rank?: number | undefined
}
/** What an object does, one operation at a time. */
export interface Model<S, O extends Operation> {
  readonly initial: S
  /** Every state that may follow, when the operation was answered as it was; none when it cannot have been. */
  step(state: S, operation: O): readonly S[]
  /** The same text for the same state. */
  keyOf(state: S): string
}

/** An object whose history no order explains. */
export interface Disorder<O extends Operation> {
  readonly object: string
  /** As many operations as could be put in order, in that order. */
  readonly longest: readonly O[]
  /** Of the answered operations that fitted nowhere behind those the first, by rank and then by its end. */
  readonly stuck: O
  /** Not proved: the search was given up. */
  readonly gaveUp: boolean
}

/** Every object whose history is out of order; none: the history is linearizable. @param limit of steps an object */
export function disorders<S, O extends Operation>(
  operations: readonly O[],
  model: Model<S, O>,
  limit = 2_000_000,
): readonly Disorder<O>[] {
  const objects = new Map<string, O[]>()
  for (const operation of operations) {
    const known = objects.get(operation.object)
    if (known === undefined) objects.set(operation.object, [operation])
    else known.push(operation)
  }
  return [...objects.values()].flatMap((history) => new Search(history, model).disorder(limit) ?? [])
}

/** The beginning or the end of an operation, in a list from which what has been put in order is taken out. */
interface Entry<O> {
  readonly operation: O
  readonly number: number
  readonly at: number
  readonly isEnd: boolean
  match: Entry<O> | undefined
  before: Entry<O> | undefined
  after: Entry<O> | undefined
}
/** An operation that was put in order, and how to take it back. */
interface Placed<S, O> {
  readonly entry: Entry<O>
  readonly former: S
  /** The states that may follow it, and which one was taken. */
  readonly states: readonly S[]
  readonly taken: number
  /** It changed nothing: whatever order there is, there is one with it at this place. */
  readonly isForced: boolean
}

/** One object's search: what is in order so far, and what is left. */
class Search<S, O extends Operation> {
  private readonly history: readonly O[]
  private readonly model: Model<S, O>
  private readonly head: Entry<O>
  private readonly done: Uint32Array
  private readonly known = new Set<string>()
  private readonly order: Placed<S, O>[] = []
  private readonly ranks: Ranks
  private longest: readonly O[] = []
  private state: S
  /** How many answered operations are not yet in order. */
  private left: number

  constructor(history: readonly O[], model: Model<S, O>) {
    this.history = history
    this.model = model
    this.head = listed(history)
    this.done = new Uint32Array(Math.ceil(history.length / 32))
    this.state = model.initial
    this.ranks = new Ranks(history.flatMap(({ ended, rank }) => (ended === undefined ? [] : (rank ?? []))))
    this.left = history.filter(({ ended }) => ended !== undefined).length
  }

  /** @returns undefined when an order was found */
  disorder(limit: number): Disorder<O> | undefined {
    let next: Entry<O> | undefined = this.head.after
    let tried = 0
    for (let steps = 0; this.left > 0; steps++) {
      if (this.advanced(next, tried)) [next, tried] = [this.head.after, 0]
      else {
        if (this.order.length > this.longest.length) this.longest = this.order.map(({ entry }) => entry.operation)
        const last = steps < limit ? this.retreated() : undefined
        if (last === undefined) return this.failed(steps >= limit)
        ;[next, tried] = [last.entry, last.taken + 1]
      }
    }
    return undefined
  }

  /** Puts one more in order: of those that may be next, the first, from an entry on, that leads to something new. */
  private advanced(from: Entry<O> | undefined, tried: number): boolean {
    let first = tried
    for (let entry = from; entry !== undefined && !entry.isEnd; entry = entry.after) {
      const states = this.mayNotBeNext(entry) ? [] : this.model.step(this.state, entry.operation)
      const isForced = entry.operation.onlyReads === true && this.leavesAsItIs(states)
      const taken = this.firstNew(states, first, entry.number)
      first = 0
      if (taken !== undefined) {
        this.place({ entry, former: this.state, states, taken, isForced })
        return true
      }
      if (isForced) return false
    }
    return false
  }

  private leavesAsItIs([after, ...others]: readonly S[]): boolean {
    return after !== undefined && others.length === 0 && this.model.keyOf(after) === this.model.keyOf(this.state)
  }
  private mayNotBeNext(entry: Entry<O>): boolean {
    const { rank } = entry.operation
    return (rank !== undefined && rank > this.ranks.least) || waitsForItsTwin(entry)
  }

  /** Takes back the last that was a choice. */
  private retreated(): Placed<S, O> | undefined {
    for (let last = this.order.pop(); last !== undefined; last = this.order.pop()) {
      mark(this.done, last.entry.number)
      putBack(last.entry)
      this.counted(last.entry, 1)
      this.state = last.former
      if (!last.isForced) return last
    }
    return undefined
  }

  private place(placed: Placed<S, O>): void {
    const { entry, states, taken } = placed
    this.order.push(placed)
    this.state = states[taken] as S
    mark(this.done, entry.number)
    lifted(entry)
    this.counted(entry, -1)
  }

  private counted({ match, operation }: Entry<O>, by: 1 | -1): void {
    if (match === undefined) return
    this.left += by
    if (operation.rank !== undefined) this.ranks.count(operation.rank, by)
  }

  /** The first of the states, from one on, that was not reached before with the same operations done. */
  private firstNew(states: readonly S[], from: number, number: number): number | undefined {
    if (from >= states.length) return undefined
    mark(this.done, number)
    const text = this.done.join(' ')
    mark(this.done, number)
    for (let i = from; i < states.length; i++) {
      const key = `${text}|${this.model.keyOf(states[i] as S)}`
      if (this.known.has(key)) continue
      this.known.add(key)
      return i
    }
    return undefined
  }

  private failed(gaveUp: boolean): Disorder<O> {
    const placed = new Set(this.longest)
    const left = this.history.filter((operation) => operation.ended !== undefined && !placed.has(operation))
    const stuck = left.toSorted(
      (a, b) => (a.rank ?? 0) - (b.rank ?? 0) || (a.ended as number) - (b.ended as number),
    )[0] as O
    return { object: stuck.object, longest: this.longest, stuck, gaveUp }
  }
}

/** How many answered operations of each rank are left. */
class Ranks {
  private readonly sorted: readonly number[]
  private readonly left = new Map<number, number>()
  /** All ranks before this place are done. */
  private place = 0

  constructor(ranks: readonly number[]) {
    for (const rank of ranks) this.left.set(rank, (this.left.get(rank) ?? 0) + 1)
    this.sorted = [...this.left.keys()].sort((a, b) => a - b)
  }

  get least(): number {
    return this.sorted[this.place] ?? Number.POSITIVE_INFINITY
  }

  count(rank: number, by: 1 | -1): void {
    this.left.set(rank, (this.left.get(rank) ?? 0) + by)
    while (this.place > 0 && rank <= (this.sorted[this.place - 1] as number)) this.place--
    while (this.place < this.sorted.length && this.left.get(this.least) === 0) this.place++
  }
}

/** Of those that do the same, the one that began first is taken first. */
function waitsForItsTwin<O extends Operation>({ operation, before }: Entry<O>): boolean {
  if (operation.ended !== undefined || operation.kind === undefined) return false
  for (let entry = before; entry !== undefined && entry.number >= 0; entry = entry.before)
    if (entry.operation.ended === undefined && entry.operation.kind === operation.kind) return true
  return false
}

function listed<O extends Operation>(history: readonly O[]): Entry<O> {
  const entries = history.flatMap((operation, number) => {
    const begin: Entry<O> = bare(operation, number, operation.began, false)
    if (operation.ended === undefined) return [begin]
    begin.match = bare(operation, number, operation.ended, true)
    return [begin, begin.match]
  })
  entries.sort((a, b) => a.at - b.at || Number(a.isEnd) - Number(b.isEnd))
  const head = bare(undefined as unknown as O, -1, 0, false)
  let last = head
  for (const entry of entries) {
    last.after = entry
    entry.before = last
    last = entry
  }
  return head
}
const bare = <O>(operation: O, number: number, at: number, isEnd: boolean): Entry<O> => ({
  operation,
  number,
  at,
  isEnd,
  match: undefined,
  before: undefined,
  after: undefined,
})

function lifted<O>(entry: Entry<O>): void {
  for (const each of [entry, entry.match]) {
    if (each?.before !== undefined) each.before.after = each.after
    if (each?.after !== undefined) each.after.before = each.before
  }
}
function putBack<O>(entry: Entry<O>): void {
  for (const each of [entry.match, entry]) {
    if (each?.before !== undefined) each.before.after = each
    if (each?.after !== undefined) each.after.before = each
  }
}

/** Done is undone, and undone done. */
const mark = (done: Uint32Array, number: number): void => {
  done[number >> 5] = ((done[number >> 5] as number) ^ (1 << (number & 31))) >>> 0
}
