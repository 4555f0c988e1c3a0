/** Why is it so? The chain of deliveries that led to one of them, oldest first. */
import type { Address } from '../contract.ts'
import type { TraceRecord } from '../trace.ts'

/** Keeps what is needed to answer why: the last `capacity` records, found by number. */
export class Memory {
  private readonly records: TraceRecord[] = []
  private readonly capacity: number

  constructor(capacity = Number.POSITIVE_INFINITY) {
    this.capacity = capacity
  }

  readonly sink = (record: TraceRecord): void => {
    this.records.push(record)
    if (this.records.length < this.capacity * 2) return
    this.records.splice(0, this.records.length - this.capacity)
  }

  get all(): readonly TraceRecord[] {
    return this.records
  }

  /** Numbers count every delivery and birth, so a record is found by its place. */
  at(n: number): TraceRecord | undefined {
    const first = this.records[0]?.n ?? 0
    const record = this.records[n - first]
    return record?.n === n ? record : this.records.find((each) => each.n === n)
  }

  /** The last record that an address was told and that satisfies the condition. */
  last(of: (record: TraceRecord) => boolean): TraceRecord | undefined {
    return this.records.findLast(of)
  }

  /** From the first known cause to this record. */
  why(record: TraceRecord): TraceRecord[] {
    const chain = [record]
    for (let n = record.cause; n > 0; ) {
      const cause = this.at(n)
      if (cause === undefined) break
      chain.unshift(cause)
      n = cause.cause
    }
    return chain
  }
}

/** Why an actor is in its state: the delivery that last changed its state value. */
export const lastChangeOf =
  (address: Address) =>
  ({ to, before, after }: TraceRecord): boolean =>
    to === address && JSON.stringify(before) !== JSON.stringify(after)
