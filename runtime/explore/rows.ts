/** A set of rows of whole numbers, each known by where it stands: exact, and small enough for tens of millions of them. */
import { mix } from '../contract.ts'

const CHUNK = 2 ** 16

export class Rows {
  private readonly width: number
  private readonly chunks: Int32Array[] = []
  /** Place of a row plus one, by its hash; 0 where nothing stands. */
  private table = new Int32Array(2 ** 12)
  private count = 0

  constructor(width: number) {
    this.width = width
  }

  get size(): number {
    return this.count
  }

  /** @returns the place of a row, or the complement (`~place`) when it was not there before and is now. */
  place(row: Int32Array): number {
    if (this.count * 2 > this.table.length) this.grow()
    const mask = this.table.length - 1
    for (let i = this.hash(row) & mask; ; i = (i + 1) & mask) {
      const at = (this.table[i] as number) - 1
      if (at < 0) {
        this.table[i] = this.count + 1
        return ~this.add(row)
      }
      if (this.isAt(row, at)) return at
    }
  }

  /** Copies the row that stands at a place. */
  read(place: number, row: Int32Array): void {
    const chunk = this.chunks[Math.floor(place / CHUNK)] as Int32Array
    const from = (place % CHUNK) * this.width
    for (let i = 0; i < this.width; i++) row[i] = chunk[from + i] as number
  }

  private add(row: Int32Array): number {
    const place = this.count++
    if (place % CHUNK === 0) this.chunks.push(new Int32Array(CHUNK * this.width))
    ;(this.chunks[Math.floor(place / CHUNK)] as Int32Array).set(row, (place % CHUNK) * this.width)
    return place
  }

  private isAt(row: Int32Array, place: number): boolean {
    const chunk = this.chunks[Math.floor(place / CHUNK)] as Int32Array
    const from = (place % CHUNK) * this.width
    for (let i = 0; i < this.width; i++) if (chunk[from + i] !== row[i]) return false
    return true
  }

  private hash(row: Int32Array): number {
    let hash = 7
    for (let i = 0; i < this.width; i++) hash = mix(hash, row[i] as number)
    return hash
  }

  private grow(): void {
    this.table = new Int32Array(this.table.length * 2)
    const mask = this.table.length - 1
    const row = new Int32Array(this.width)
    for (let place = 0; place < this.count; place++) {
      this.read(place, row)
      let i = this.hash(row) & mask
      while (this.table[i] !== 0) i = (i + 1) & mask
      this.table[i] = place + 1
    }
  }
}
