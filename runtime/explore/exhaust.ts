/**
 * Every way a world in parts can go, to the end, breadth first. A state of the whole is a row of numbers: of its parts,
 * of what is under way, and of what may still happen. Nothing is left out: it is the graph that a search of the whole
 * would find, at the price of a look-up a step.
 */
import type { Act, Assembly, Budgets } from './assembly.ts'
import { type Next, Parts } from './parts.ts'
import { Queues } from './queues.ts'
import { Rows } from './rows.ts'

export interface Exhausted {
  readonly states: number
  readonly steps: number
  /** States in which nothing more can happen. */
  readonly ends: number
  /** How many steps away the farthest state is. */
  readonly depth: number
  /** In how many states parts were met, and how many steps of machines were worked out. */
  readonly parts: number
  readonly worked: number
  /** Whether everything was seen. */
  readonly complete: boolean
  readonly violation: { readonly sentence: string; readonly path: readonly string[] } | undefined
}
export interface How {
  /** Gives up after so many states. */
  readonly limit?: number
  /** Told of every state. */
  readonly visit?: (state: Seen) => void
  /** Told when all is known that is so many steps away, and how many states those are in all. */
  readonly shown?: (depth: number, states: number) => void
}
export interface Seen {
  /** Of the parts, in their order. */
  readonly views: readonly string[]
  /** What is under way between them, as JSON, by `from>to` of their places; empty connections are not told. */
  readonly underWay: Readonly<Record<string, readonly string[]>>
  readonly left: Budgets
  readonly isEnd: boolean
}

/** @returns the counts, and the first violation by a shortest path; the search ends with it. */
export function exhaust(assembly: Assembly, how: How = {}): Exhausted {
  return new Search(assembly).run(how)
}

/** A row holds, for `n` parts, at `i * n + i` part `i`, at `i * n + j` what is under way from `i` to `j`; then what is left. */
class Search {
  private readonly parts: Parts
  private readonly queues = new Queues()
  private readonly room: number
  private readonly n: number
  private readonly lefts: readonly Budgets[]
  private readonly rows: Rows
  private readonly row: Int32Array
  private readonly next: Int32Array
  private parents = new Int32Array(2 ** 12)
  private steps = 0
  private broken: { readonly sentence: string; readonly by: readonly string[] } | undefined

  constructor({ parts, budgets, room, ...rest }: Assembly) {
    this.n = parts.length
    this.room = room
    this.lefts = everyLeft(budgets)
    this.parts = new Parts({ parts, budgets, room, ...rest }, this.lefts)
    const width = this.n ** 2 + 1
    this.rows = new Rows(width)
    this.row = new Int32Array(width)
    this.next = new Int32Array(width)
    const left = numberOfLeft(this.lefts, budgets)
    for (const [i, { world }] of parts.entries()) this.row[i * this.n + i] = this.parts.numberOf(i, world, left)
    this.row[this.n ** 2] = left
    this.rows.place(this.row)
  }

  run({ limit = Number.POSITIVE_INFINITY, visit, shown }: How): Exhausted {
    let [at, ends, depth, layer] = [0, 0, 0, 1]
    for (; at < this.rows.size && this.rows.size < limit && this.broken === undefined; at++) {
      if (at === layer) {
        shown?.(depth, layer)
        depth++
        layer = this.rows.size
      }
      this.rows.read(at, this.row)
      this.broken = this.wrong()
      const isEnd = !this.spread((words, next) => this.reached(at, words, next))
      if (isEnd) ends++
      visit?.(this.seen(isEnd))
    }
    const violation = this.broken && { sentence: this.broken.sentence, path: [...this.path(at - 1), ...this.broken.by] }
    const complete = at === this.rows.size && violation === undefined
    const { steps, parts, rows } = this
    return { states: rows.size, steps, ends, depth, parts: parts.count, worked: parts.worked, complete, violation }
  }

  private wrong(): Search['broken'] {
    const { n, row } = this
    for (let i = 0; i < n; i++)
      for (let j = i + 1; j < n; j++) {
        const sentence = this.parts.between(row[i * n + i] as number, row[j * n + j] as number)
        if (sentence !== undefined) return { sentence, by: [] }
      }
    return undefined
  }

  private reached(from: number, words: () => string, { violation }: Next): void {
    this.steps++
    if (violation !== undefined) this.broken ??= { sentence: violation, by: [words()] }
    const place = this.rows.place(this.next)
    if (place >= 0) return
    if (~place >= this.parents.length) this.parents = longer(this.parents)
    this.parents[~place] = from
  }

  /** Every step from `row`, one after the other in `next`. @returns whether there is one */
  private spread(take: Take): boolean {
    let isAny = false
    for (let place = 0; place < this.n; place++) {
      for (let from = 0; from < this.n; from++) if (from !== place && this.hears(place, from, take)) isAny = true
      if (this.acts(place, take)) isAny = true
    }
    return isAny
  }

  private hears(place: number, from: number, take: Take): boolean {
    const { n, row, next, queues } = this
    const queue = row[from * n + place] as number
    if (queue === 0) return false
    const left = row[n * n] as number
    const message = queues.head(queue)
    const known = this.parts.told(place, row[place * n + place] as number, from, message, left)
    if (known === undefined) return false
    next.set(row)
    next[from * n + place] = queues.rest(queue)
    if (!this.says(place, known)) return false
    take(() => this.inWords(place, from, message), known)
    return true
  }

  private acts(place: number, take: Take): boolean {
    const { n, row, next } = this
    const part = row[place * n + place] as number
    let isAny = false
    for (const [i, act] of this.parts.acts(part).entries()) {
      const left = this.after(row[n * n] as number, act)
      if (left === undefined || this.isUnderWay(place, act)) continue
      const known = this.parts.acted(place, part, i, left)
      if (known === undefined) continue
      next.set(row)
      next[n * n] = left
      if (left !== row[n * n]) this.look(left)
      if (act.losesMail === true) for (let from = 0; from < n; from++) if (from !== place) next[from * n + place] = 0
      if (!this.says(place, known)) continue
      take(() => act.words, known)
      isAny = true
    }
    return isAny
  }

  private after(left: number, { budget }: Act): number | undefined {
    if (budget === undefined) return left
    const budgets = this.lefts[left] as Budgets
    const has = budgets[budget] ?? 0
    return has === 0 ? undefined : numberOfLeft(this.lefts, { ...budgets, [budget]: has - 1 })
  }

  /** The others, too, are seen by what may still happen. */
  private look(left: number): void {
    const { n, next } = this
    for (let i = 0; i < n; i++) next[i * n + i] = this.parts.with(left, i, next[i * n + i] as number)
  }

  private isUnderWay(place: number, { until }: Act): boolean {
    if (until === undefined) return false
    const { asked, answered } = until
    const { n, row, parts } = this
    if (parts.isToSay(row[place * n + place] as number, asked)) return true
    for (let other = 0; other < n; other++)
      if (other !== place)
        if (
          this.has(row[place * n + other] as number, asked) ||
          this.has(row[other * n + place] as number, answered) ||
          parts.isToSay(row[other * n + other] as number, answered, place)
        )
          return true
    return false
  }
  private has(queue: number, types: readonly string[]): boolean {
    for (const message of this.queues.list(queue)) if (types.includes(this.parts.message(message).type)) return true
    return false
  }

  /** @returns false when there is no room for it */
  private says(place: number, { part, said }: Next): boolean {
    const { n, next, queues, parts } = this
    if (next[place * n + place] !== part) this.becomes(place, part)
    for (const [to, message] of said) {
      if (parts.isVain(next[to * n + to] as number, message)) continue
      const queue = next[place * n + to] as number
      if (queues.list(queue).length === this.room) return false
      next[place * n + to] = queues.with(queue, message)
    }
    return true
  }
  /** What is under way to it may be in vain now. */
  private becomes(place: number, part: number): void {
    const { n, next, queues, parts } = this
    next[place * n + place] = part
    for (let from = 0; from < n; from++) {
      const queue = next[from * n + place] as number
      if (from === place || queue === 0) continue
      next[from * n + place] = queues.where(queue, (message) => !parts.isVain(part, message))
    }
  }

  private seen(isEnd: boolean): Seen {
    const { n, row, parts, queues } = this
    const places = Array.from({ length: n }, (_, i) => i)
    const underWay: Record<string, readonly string[]> = {}
    for (const from of places)
      for (const to of places)
        if (from !== to && row[from * n + to] !== 0)
          underWay[`${from}>${to}`] = queues
            .list(row[from * n + to] as number)
            .map((message) => JSON.stringify(parts.message(message)))
    const views = places.map((i) => parts.view(row[i * n + i] as number))
    return { views, underWay, left: this.lefts[row[n * n] as number] as Budgets, isEnd }
  }

  /** The steps that lead to a state, found again from state to state. */
  private path(at: number): readonly string[] {
    const way = [at]
    while (way[0] !== 0) way.unshift(this.parents[way[0] as number] as number)
    return way.slice(1).map((to, i) => this.stepTo(way[i] as number, to))
  }
  private stepTo(from: number, to: number): string {
    this.rows.read(from, this.row)
    let found = ''
    this.spread((words) => {
      if (found === '' && this.rows.place(this.next) === to) found = words()
    })
    return found
  }
  private inWords(place: number, from: number, message: number): string {
    return `${this.parts.address(from)} → ${this.parts.address(place)}: ${this.parts.message(message).type}`
  }
}

type Take = (words: () => string, next: Next) => void

/** All that may be left of the budgets. */
function everyLeft(budgets: Budgets): readonly Budgets[] {
  return Object.entries(budgets).reduce<readonly Budgets[]>(
    (all, [name, most]) =>
      all.flatMap((left) => Array.from({ length: most + 1 }, (_, has) => ({ ...left, [name]: has }))),
    [{}],
  )
}
const numberOfLeft = (all: readonly Budgets[], wanted: Budgets): number =>
  all.findIndex((left) => Object.entries(left).every(([name, has]) => wanted[name] === has))

function longer(before: Int32Array): Int32Array<ArrayBuffer> {
  const after = new Int32Array(before.length * 2)
  after.set(before)
  return after
}
