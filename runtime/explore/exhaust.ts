/**
 * Every way a world in parts can go, to the end, breadth first. Nothing is left out: it is the graph that a search of the
 * whole would find, at the price of a look-up a step; of states that are the same but for the names of parts, one.
 */
import type { Assembly } from './assembly.ts'
import { Rows } from './rows.ts'
import { type Seen, Spread } from './spread.ts'
import { Symmetry } from './symmetry.ts'

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

/** @returns the counts, and the first violation by a shortest path; the search ends with it. */
export function exhaust(assembly: Assembly, how: How = {}): Exhausted {
  return new Search(assembly).run(how)
}

class Search {
  private readonly spread: Spread
  private readonly symmetry: Symmetry
  /** One of those that are the same, and the states as they were met, of this layer and of the next. */
  private readonly rows: Rows
  private layer: Layer
  private nextLayer: Layer
  private readonly least: Int32Array
  private readonly start: Int32Array
  private parents = new Int32Array(2 ** 12)
  private steps = 0
  private broken: { readonly sentence: string; readonly by: readonly string[] } | undefined

  constructor(assembly: Assembly) {
    this.spread = new Spread(assembly)
    this.symmetry = new Symmetry(this.spread, assembly)
    const { width, row } = this.spread
    this.rows = new Rows(width)
    this.least = new Int32Array(width)
    this.start = row.slice()
    this.layer = new Layer(width)
    this.nextLayer = new Layer(width)
    this.place(row)
    this.layer.add(row)
  }

  run({ limit = Number.POSITIVE_INFINITY, visit, shown }: How): Exhausted {
    const { spread, rows } = this
    let [at, ends, depth] = [0, 0, 0]
    while (this.layer.size > 0) {
      const first = at
      for (; at < first + this.layer.size && rows.size < limit && this.broken === undefined; at++) {
        this.layer.read(at - first, spread.row)
        const sentence = spread.wrong()
        if (sentence !== undefined) this.broken = { sentence, by: [] }
        const isEnd = !spread.each((words, { violation }) => this.reached(at, words, violation))
        if (isEnd) ends++
        visit?.(spread.seen(isEnd))
      }
      if (this.broken !== undefined || at < first + this.layer.size) break
      shown?.(depth, at)
      this.turn()
      if (this.layer.size > 0) depth++
    }
    const violation = this.broken && { sentence: this.broken.sentence, path: [...this.path(at - 1), ...this.broken.by] }
    const complete = at === rows.size && violation === undefined
    const { count, worked } = spread.parts
    return { states: rows.size, steps: this.steps, ends, depth, parts: count, worked, complete, violation }
  }

  private turn(): void {
    const done = this.layer
    this.layer = this.nextLayer
    this.nextLayer = done
    done.clear()
  }

  private place(row: Int32Array): number {
    this.symmetry.least(row, this.least)
    return this.rows.place(this.least)
  }
  private reached(from: number, words: () => string, violation: string | undefined): void {
    this.steps++
    if (violation !== undefined) this.broken ??= { sentence: violation, by: [words()] }
    const place = this.place(this.spread.next)
    if (place >= 0) return
    this.nextLayer.add(this.spread.next)
    if (~place >= this.parents.length) this.parents = longer(this.parents)
    this.parents[~place] = from
  }

  /** The steps that lead to a state, or to what it is under other names, found again from state to state. */
  private path(at: number): readonly string[] {
    const way = [at]
    while (way[0] !== 0) way.unshift(this.parents[way[0] as number] as number)
    let row = this.start
    return way.slice(1).map((to) => {
      const step = this.stepTo(row, to)
      row = step.row
      return step.words
    })
  }
  private stepTo(from: Int32Array, to: number): { readonly words: string; readonly row: Int32Array } {
    const { spread } = this
    let found: { readonly words: string; readonly row: Int32Array } | undefined
    spread.row.set(from)
    spread.each((words) => {
      if (this.place(spread.next) === to) found ??= { words: words(), row: spread.next.slice() }
    })
    return found ?? { words: '', row: from }
  }
}

/** Rows one after the other. */
class Layer {
  private readonly width: number
  private rows: Int32Array
  size = 0

  constructor(width: number) {
    this.width = width
    this.rows = new Int32Array(width * 2 ** 10)
  }
  add(row: Int32Array): void {
    const from = this.size++ * this.width
    if (from === this.rows.length) this.rows = longer(this.rows)
    this.rows.set(row, from)
  }
  read(at: number, row: Int32Array): void {
    for (let i = 0; i < this.width; i++) row[i] = this.rows[at * this.width + i] as number
  }
  clear(): void {
    this.size = 0
  }
}

function longer(before: Int32Array): Int32Array<ArrayBuffer> {
  const after = new Int32Array(before.length * 2)
  after.set(before)
  return after
}
