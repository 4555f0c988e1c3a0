/** A binary heap whose keys lie side by side: to compare two items, a processor need not fetch either from memory. */
export interface Due {
  readonly due: number
  readonly seq: number
}

export const isBefore = (a: Due, b: Due): boolean => comesFirst(a.due, a.seq, b.due, b.seq)
const comesFirst = (due: number, seq: number, otherDue: number, otherSeq: number): boolean =>
  due < otherDue || (due === otherDue && seq < otherSeq)

export class Heap<T extends Due> {
  /** The first is the least. */
  readonly items: T[]
  private readonly dues: number[]
  private readonly seqs: number[]

  constructor(items: T[] = [], dues = items.map(({ due }) => due), seqs = items.map(({ seq }) => seq)) {
    this.items = items
    this.dues = dues
    this.seqs = seqs
  }

  fork(): Heap<T> {
    return new Heap(this.items.slice(), this.dues.slice(), this.seqs.slice())
  }

  keep(alive: (item: T) => boolean): Heap<T> {
    const kept = new Heap(this.items.filter(alive))
    for (let i = (kept.items.length >> 1) - 1; i >= 0; i--) kept.sink(kept.items[i] as T, i)
    return kept
  }

  add(item: T): void {
    let i = this.items.length
    this.put(item, i)
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (!this.isBeforeThatAt(parent, item)) break
      this.copy(parent, i)
      i = parent
    }
    this.put(item, i)
  }

  take(): T | undefined {
    const first = this.items[0]
    const last = this.items.pop()
    this.dues.pop()
    this.seqs.pop()
    if (last !== undefined && this.items.length > 0) this.sink(last, 0)
    return first
  }

  remove(item: T): void {
    const rest = this.items.filter((each) => each !== item)
    this.items.length = 0
    this.dues.length = 0
    this.seqs.length = 0
    for (const each of rest) this.add(each)
  }

  /** Puts an item where it belongs from this place on, which is free. */
  private sink(item: T, from: number): void {
    const { length } = this.items
    let i = from
    for (;;) {
      const left = 2 * i + 1
      if (left >= length) break
      const child = left + 1 < length && this.isLess(left + 1, left) ? left + 1 : left
      if (this.isBeforeThatAt(child, item)) break
      this.copy(child, i)
      i = child
    }
    this.put(item, i)
  }

  private isBeforeThatAt(place: number, { due, seq }: T): boolean {
    return comesFirst(due, seq, this.dues[place] as number, this.seqs[place] as number)
  }

  private isLess(a: number, b: number): boolean {
    const { dues, seqs } = this
    return comesFirst(dues[a] as number, seqs[a] as number, dues[b] as number, seqs[b] as number)
  }

  private put(item: T, at: number): void {
    this.items[at] = item
    this.dues[at] = item.due
    this.seqs[at] = item.seq
  }

  private copy(from: number, to: number): void {
    this.items[to] = this.items[from] as T
    this.dues[to] = this.dues[from] as number
    this.seqs[to] = this.seqs[from] as number
  }
}
