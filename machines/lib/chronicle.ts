/**
 * What happened, by revisions that only grow. To add something costs a copy of the last few entries, and a path of a
 * tree only when these fill a piece; old versions stay valid, as those of a tree do.
 */
import { numberKey, Tree } from '../../runtime/tree.ts'

export interface Dated {
  readonly revision: number
}
type Piece<V> = readonly V[]

const PIECE = 32

export class Chronicle<V extends Dated> {
  /** Full ones, by the last revision in them, then in the order in which they were filled. */
  private readonly pieces: Tree<Piece<V>>
  private readonly last: Piece<V>
  private readonly filled: number
  readonly size: number

  private constructor(pieces: Tree<Piece<V>>, last: Piece<V>, filled: number, size: number) {
    this.pieces = pieces
    this.last = last
    this.filled = filled
    this.size = size
  }

  private static readonly empty: Chronicle<never> = new Chronicle<never>(Tree.of(), [], 0, 0)

  static of<V extends Dated>(entries: Iterable<V> = []): Chronicle<V> {
    let chronicle: Chronicle<V> = Chronicle.empty
    for (const entry of entries) chronicle = chronicle.with(entry)
    return chronicle
  }

  /** @throws when something later is there already */
  with(entry: V): Chronicle<V> {
    const { pieces, last, filled, size } = this
    const { revision } = last[last.length - 1] ?? entry
    if (entry.revision < revision) throw new Error(`revision ${entry.revision} comes after revision ${revision}`)
    if (last.length < PIECE) return new Chronicle(pieces, [...last, entry], filled, size + 1)
    return new Chronicle(pieces.set(numberKey(revision) + numberKey(filled), last), [entry], filled + 1, size + 1)
  }

  /** From a revision on, in order, until `visit` returns false. */
  range(from: number, visit: (entry: V) => boolean | undefined): void {
    const goesOn = (piece: Piece<V>): boolean => piece.every((entry) => entry.revision < from || visit(entry) !== false)
    let isOver = false
    if (!this.isAllInLast(from))
      this.pieces.range(numberKey(from), undefined, (piece) => {
        isOver = !goesOn(piece)
        return !isOver
      })
    if (!isOver) goesOn(this.last)
  }

  /** Without what was before a revision. */
  since(revision: number): Chronicle<V> {
    const left = (piece: Piece<V>): Piece<V> => piece.filter((entry) => entry.revision >= revision)
    let { pieces, size } = this
    this.pieces.range('', undefined, (piece, key) => {
      const rest = left(piece)
      size -= piece.length - rest.length
      pieces = rest.length === 0 ? pieces.delete(key) : pieces.set(key, rest)
      return rest.length === 0
    })
    const last = left(this.last)
    return new Chronicle(pieces, last, this.filled, size - this.last.length + last.length)
  }

  entries(from = 0): readonly V[] {
    const all: V[] = []
    this.range(from, (entry) => {
      all.push(entry)
      return true
    })
    return all
  }

  toJSON(): readonly V[] {
    return this.entries()
  }

  /** Whether nothing from a revision on lies in a full piece: most ask for what is new. */
  private isAllInLast(revision: number): boolean {
    const first = this.last[0]
    return first !== undefined && first.revision < revision
  }
}
