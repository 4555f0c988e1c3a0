/** What is due, in the order in which it will happen: by time, then by the order in which it was asked for. A binary heap. */
export interface Due {
  readonly due: number
  readonly seq: number
}

export class Agenda<T extends Due> {
  private readonly heap: T[]

  constructor(heap: T[] = []) {
    this.heap = heap
  }

  get size(): number {
    return this.heap.length
  }

  get next(): T | undefined {
    return this.heap[0]
  }

  /** In no particular order. */
  get items(): readonly T[] {
    return this.heap
  }

  fork(): Agenda<T> {
    return new Agenda(this.heap.slice())
  }

  /** Drops what will never happen. The order is total, so nothing else changes. */
  keep(alive: (item: T) => boolean): Agenda<T> {
    const kept = new Agenda(this.heap.filter(alive))
    for (let i = (kept.size >> 1) - 1; i >= 0; i--) kept.sink(kept.heap[i] as T, i)
    return kept
  }

  add(item: T): void {
    const { heap } = this
    let i = heap.length
    heap.push(item)
    while (i > 0) {
      const parent = (i - 1) >> 1
      const above = heap[parent] as T
      if (!before(item, above)) break
      heap[i] = above
      i = parent
    }
    heap[i] = item
  }

  take(): T | undefined {
    const { heap } = this
    const first = heap[0]
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return first
    this.sink(last, 0)
    return first
  }

  /** Takes one item out of turn: for those who choose another order. Costs as much as the agenda is long. */
  remove(item: T): void {
    const rest = this.heap.filter((each) => each !== item)
    this.heap.length = 0
    for (const each of rest) this.add(each)
  }

  /** Puts an item where it belongs from this place on, which is free. */
  private sink(item: T, from: number): void {
    const { heap } = this
    let i = from
    for (;;) {
      let child = 2 * i + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1] as T, heap[child] as T)) child++
      if (!before(heap[child] as T, item)) break
      heap[i] = heap[child] as T
      i = child
    }
    heap[i] = item
  }
}

const before = (a: Due, b: Due): boolean => a.due < b.due || (a.due === b.due && a.seq < b.seq)
