/**
 * Where a state of the whole leads. It is a row of numbers, for `n` parts: at `i * n + i` part `i`, at `i * n + j` what is
 * under way from `i` to `j`; then what is left of the budgets.
 */
import type { Act, Assembly, Budgets } from './assembly.ts'
import { Left } from './budgets.ts'
import { type Next, Parts } from './parts.ts'
import { Queues } from './queues.ts'

export interface Seen {
  /** Of the parts, in their order. */
  readonly views: readonly string[]
  /** What is under way between them, as JSON, by `from>to` of their places; empty connections are not told. */
  readonly underWay: Readonly<Record<string, readonly string[]>>
  readonly left: Budgets
  readonly isEnd: boolean
}
/** Told of a step: its words, and what it comes to; the row that it leads to is `next`. */
export type Take = (words: () => string, next: Next) => void

export class Spread {
  readonly n: number
  readonly width: number
  readonly row: Int32Array
  readonly next: Int32Array
  readonly parts: Parts
  readonly queues = new Queues()
  private readonly room: number
  private readonly left: Left

  constructor(assembly: Assembly) {
    const { parts, budgets, room } = assembly
    this.n = parts.length
    this.width = this.n ** 2 + 1
    this.room = room
    this.left = new Left(budgets)
    this.parts = new Parts(assembly, this.left)
    this.row = new Int32Array(this.width)
    this.next = new Int32Array(this.width)
    const left = this.left.numberOf(budgets)
    for (const [i, { world }] of parts.entries()) this.row[i * this.n + i] = this.parts.numberOf(i, world, left)
    this.row[this.n ** 2] = left
  }

  /** Every step from `row`, one after the other in `next`. @returns whether there is one */
  each(take: Take): boolean {
    let isAny = false
    for (let place = 0; place < this.n; place++) {
      for (let from = 0; from < this.n; from++) if (from !== place && this.hears(place, from, take)) isAny = true
      if (this.acts(place, take)) isAny = true
    }
    return isAny
  }

  /** What is wrong between any two parts of `row`. */
  wrong(): string | undefined {
    const { n, row } = this
    for (let i = 0; i < n; i++)
      for (let j = i + 1; j < n; j++) {
        const sentence = this.parts.between(row[i * n + i] as number, row[j * n + j] as number)
        if (sentence !== undefined) return sentence
      }
    return undefined
  }

  seen(isEnd: boolean): Seen {
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
    return { views, underWay, left: this.left.of(row[n * n] as number), isEnd }
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
  private inWords(place: number, from: number, message: number): string {
    return `${this.parts.address(from)} → ${this.parts.address(place)}: ${this.parts.message(message).type}`
  }

  private acts(place: number, take: Take): boolean {
    const { n, row, next } = this
    const part = row[place * n + place] as number
    let isAny = false
    for (const [i, act] of this.parts.acts(part).entries()) {
      const left = this.left.after(row[n * n] as number, act)
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
}
