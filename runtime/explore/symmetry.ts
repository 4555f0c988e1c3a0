/**
 * States that are the same but for the names of the parts. Of all namings of a row the least stands for it: the parts and
 * what is under way have numbers of their own here, by the text that they would be under another name.
 */
import type { Assembly } from './assembly.ts'
import type { Spread } from './spread.ts'

/** Who plays whom: the place that each place becomes. */
type Naming = readonly number[]

export class Symmetry {
  private readonly spread: Spread
  private readonly renamed: NonNullable<Assembly['renamed']> | undefined
  private readonly all: readonly Renamed[]
  private readonly names: readonly string[]
  private readonly one: Int32Array
  private readonly numbers = new Map<string, number>()

  constructor(spread: Spread, { renamed, parts }: Assembly) {
    this.spread = spread
    this.renamed = renamed
    this.names = parts.map(({ address }) => address)
    const places = parts.map((_, i) => i)
    this.all = (renamed === undefined ? [places] : orders(places)).map((naming) => new Renamed(naming))
    this.one = new Int32Array(spread.width)
  }

  /** Writes the least of all namings of a row: by its parts, and only where these are the same by what is under way. */
  least(row: Int32Array, into: Int32Array): void {
    if (this.renamed === undefined) return into.set(row)
    const { one } = this
    for (const [i, renamed] of this.all.entries()) {
      this.writeParts(row, renamed)
      const order = i === 0 ? -1 : this.orderOfParts(into)
      if (order > 0) continue
      this.writeUnderWay(row, renamed)
      if (order < 0 || isLess(one, into)) into.set(one)
    }
  }

  private writeParts(row: Int32Array, renamed: Renamed): void {
    const { n } = this.spread
    for (let i = 0; i < n; i++)
      this.one[(renamed.naming[i] as number) * (n + 1)] = this.part(renamed, row[i * (n + 1)] as number)
  }
  private orderOfParts(other: Int32Array): number {
    const { n } = this.spread
    for (let at = 0; at < n * n; at += n + 1) {
      const difference = (this.one[at] as number) - (other[at] as number)
      if (difference !== 0) return difference
    }
    return 0
  }
  private writeUnderWay(row: Int32Array, renamed: Renamed): void {
    const { n } = this.spread
    const { naming } = renamed
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        const queue = row[i * n + j] as number
        const at = (naming[i] as number) * n + (naming[j] as number)
        if (i !== j) this.one[at] = queue === 0 ? 0 : this.queue(renamed, queue)
      }
    this.one[n * n] = row[n * n] as number
  }

  private part(renamed: Renamed, part: number): number {
    const known = renamed.parts[part]
    if (known !== undefined) return known
    return (renamed.parts[part] = this.numberOf(this.text(this.spread.parts.view(part), renamed.naming)))
  }
  private queue(renamed: Renamed, queue: number): number {
    const known = renamed.queues[queue]
    if (known !== undefined) return known
    const messages = this.spread.queues.list(queue).map((message) => this.message(renamed, message))
    return (renamed.queues[queue] = this.numberOf(messages.join()))
  }
  private message(renamed: Renamed, message: number): number {
    const known = renamed.messages[message]
    if (known !== undefined) return known
    const text = JSON.stringify(this.spread.parts.message(message))
    return (renamed.messages[message] = this.numberOf(this.text(text, renamed.naming)))
  }

  private text(text: string, naming: Naming): string {
    const { names } = this
    return this.renamed?.(text, (name) => names[naming[names.indexOf(name)] as number] as string) ?? text
  }
  private numberOf(text: string): number {
    const known = this.numbers.get(text)
    if (known !== undefined) return known
    this.numbers.set(text, this.numbers.size + 1)
    return this.numbers.size
  }
}

/** What parts, messages and queues are under one naming. */
class Renamed {
  readonly naming: Naming
  readonly parts: number[] = []
  readonly messages: number[] = []
  readonly queues: number[] = []

  constructor(naming: Naming) {
    this.naming = naming
  }
}

function orders(places: readonly number[]): readonly Naming[] {
  if (places.length < 2) return [places]
  return places.flatMap((first) => orders(places.filter((each) => each !== first)).map((rest) => [first, ...rest]))
}

function isLess(a: Int32Array, b: Int32Array): boolean {
  let i = 0
  while (i < a.length && a[i] === b[i]) i++
  return (a[i] ?? 0) < (b[i] ?? 0)
}
