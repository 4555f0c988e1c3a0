/** The lines that an actor holds open, oldest first, as a value: forks share it. */
import { Tree } from '../tree.ts'
import type { Line } from './tables.ts'

/** So many are looked through one by one; of more, as of a load balancer's, each is found by name and by number. */
const FEW = 16

interface Found {
  readonly byName: Tree<Line>
  readonly byNumber: Tree<Line>
}
const NONE: Found = { byName: Tree.of(), byNumber: Tree.of() }

export class OpenLines {
  static readonly none = new OpenLines([], undefined)
  /** All, unless there are many. */
  private readonly few: readonly Line[]
  private readonly many: Found | undefined

  private constructor(few: readonly Line[], many: Found | undefined) {
    this.few = few
    this.many = many
  }

  /** Oldest first. */
  get all(): readonly Line[] {
    return this.many === undefined ? this.few : this.many.byNumber.values()
  }

  named(name: string): Line | undefined {
    return this.many === undefined ? this.few.find(({ line }) => line === name) : this.many.byName.get(name)
  }

  numbered(number: number): Line | undefined {
    if (this.many !== undefined) return this.many.byNumber.get(keyOf(number))
    return this.few.find((each) => each.number === number)
  }

  /** @param line opened after all others; none of its name is open */
  with(line: Line): OpenLines {
    if (this.many === undefined && this.few.length < FEW) return new OpenLines([...this.few, line], undefined)
    return new OpenLines([], added(this.many ?? this.few.reduce(added, NONE), line))
  }

  /** @param line one of them */
  without({ line: name, number }: Line): OpenLines {
    const { few, many } = this
    if (many === undefined) return few.length === 1 ? OpenLines.none : new OpenLines(few.filter(isNot(number)), many)
    const byNumber = many.byNumber.delete(keyOf(number))
    if (byNumber.size <= FEW / 2) return new OpenLines(byNumber.values(), undefined)
    return new OpenLines([], { byName: many.byName.delete(name), byNumber })
  }
}

const added = ({ byName, byNumber }: Found, line: Line): Found => ({
  byName: byName.set(line.line, line),
  byNumber: byNumber.set(keyOf(line.number), line),
})
const isNot =
  (number: number) =>
  (line: Line): boolean =>
    line.number !== number

/** In the order of texts as in that of numbers. */
const keyOf = (number: number): string => number.toString(36).padStart(11, '0')
