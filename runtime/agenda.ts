/**
 * What is due, in the order in which it will happen: by time, then by the order in which it was asked for. What is due
 * at once comes in that order already, and waits in a queue; the rest in a heap.
 */
import { type Due, Heap, isBefore } from './agenda/heap.ts'

export type { Due } from './agenda/heap.ts'

export class Agenda<T extends Due> {
  private readonly later: Heap<T>
  /** In order; the first that is left stands at `head`. */
  private readonly soon: T[]
  private head = 0
  /** When what was taken last was due. */
  private latest: number

  constructor(later = new Heap<T>(), soon: T[] = [], latest = 0) {
    this.later = later
    this.soon = soon
    this.latest = latest
  }

  get size(): number {
    return this.soon.length - this.head + this.later.items.length
  }

  get next(): T | undefined {
    return this.isSoon() ? this.soon[this.head] : this.later.items[0]
  }

  /** In no particular order. */
  get items(): readonly T[] {
    return [...this.waiting(), ...this.later.items]
  }

  fork(): Agenda<T> {
    return new Agenda(this.later.fork(), this.waiting(), this.latest)
  }

  /** Drops what will never happen. The order is total, so nothing else changes. */
  keep(alive: (item: T) => boolean): Agenda<T> {
    return new Agenda(this.later.keep(alive), this.waiting().filter(alive), this.latest)
  }

  add(item: T): void {
    const last = this.soon.at(-1)
    if (item.due === this.latest && (last === undefined || isBefore(last, item))) this.soon.push(item)
    else this.later.add(item)
  }

  take(): T | undefined {
    const item = this.isSoon() ? this.firstOfSoon() : this.later.take()
    if (item !== undefined) this.latest = item.due
    return item
  }

  /** Takes one item out of turn: for those who choose another order. Costs as much as the agenda is long. */
  remove(item: T): void {
    const place = this.soon.indexOf(item, this.head)
    if (place >= 0) this.soon.splice(place, 1)
    else this.later.remove(item)
  }

  /** Whether the first in the queue comes before the first in the heap. */
  private isSoon(): boolean {
    const first = this.soon[this.head]
    const other = this.later.items[0]
    return first !== undefined && (other === undefined || isBefore(first, other))
  }

  private firstOfSoon(): T {
    const item = this.soon[this.head++] as T
    if (this.head === this.soon.length) {
      this.soon.length = 0
      this.head = 0
    }
    return item
  }

  private waiting(): T[] {
    return this.soon.slice(this.head)
  }
}
