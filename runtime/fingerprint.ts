/**
 * When are two worlds the same? Up to a renaming of what is drawn at random (uids, generated names, call numbers) that
 * keeps equality; up to the values, not the order, of revisions; and up to the hour: instants count as ages.
 *
 * Every frozen value is read once: its shape is remembered as a hash with holes, and only the holes are filled anew.
 */
import { mix, textHash } from './contract.ts'
import { Tree } from './tree.ts'

/** What a world's values mean to the fingerprint. */
export interface Dialect {
  /** Finds names that were drawn at random inside a text; needs the flag `g`. */
  readonly names: RegExp | undefined
  /** What a field holds: a revision (only its order counts), an instant in ms (only its age counts), a name, or itself. */
  kindOf(field: string, value: unknown): 'revision' | 'instant' | 'name' | 'plain'
}

/** The runtime's own fields: numbers of calls and streams are names, `at` and `…At` are instants. */
export const PLAIN: Dialect = {
  names: undefined,
  kindOf: (field, value) => {
    if (typeof value !== 'number') return 'plain'
    if (field === 'call' || field === 'stream' || field === 'number') return 'name'
    return field === 'at' || field.endsWith('At') ? 'instant' : 'plain'
  },
}

interface Hole {
  readonly kind: 'revision' | 'instant' | 'name'
  readonly value: string | number
}
interface Shape {
  readonly hash: number
  readonly check: number
  readonly holes: readonly Hole[]
}

/** Gathers values into one fingerprint. One dialect a gatherer: shapes are remembered by it. */
export class Fingerprints {
  private readonly dialect: Dialect
  private readonly known = new WeakMap<object, Shape>()

  constructor(dialect: Dialect = PLAIN) {
    this.dialect = dialect
  }

  /** @param now the instant from which ages count, in ms @returns 16 hexadecimal digits */
  of(values: readonly unknown[], now: number): string {
    const shapes = values.map((value) => this.shape('', value))
    const filled = fill(
      shapes.flatMap(({ holes }) => holes),
      now,
    )
    const hash = shapes.reduce((sum, shape) => mix(sum, shape.hash), 1)
    const check = shapes.reduce((sum, shape) => mix(sum ^ 0x5bd1e995, shape.check), 2)
    return hex(mix(hash, textHash(filled))) + hex(mix(check, textHash(`~${filled}`)))
  }

  private shape(field: string, value: unknown): Shape {
    if (typeof value === 'object' && value !== null) return this.remembered(value)
    const kind = this.dialect.kindOf(field, value)
    if (kind !== 'plain' && (typeof value === 'string' || typeof value === 'number'))
      return { hash: 11, check: 12, holes: [{ kind, value }] }
    if (typeof value === 'string') return this.text(value)
    return leaf(`${typeof value} ${String(value)}`)
  }

  private text(value: string): Shape {
    const { names } = this.dialect
    if (names === undefined) return leaf(value)
    const found = value.match(names)
    if (found === null) return leaf(value)
    const { hash, check } = leaf(value.replace(names, '\u0000'))
    return { hash, check, holes: found.map((name) => ({ kind: 'name', value: name })) }
  }

  private remembered(value: object): Shape {
    const known = this.known.get(value)
    if (known !== undefined) return known
    const shape = this.composed(value)
    this.known.set(value, shape)
    return shape
  }

  private composed(value: object): Shape {
    if ('view' in value && typeof value.view === 'string') return this.text(value.view)
    const parts = partsOf(value).map(([key, part]) => [this.text(key), this.shape(key, part)] as const)
    const start = Array.isArray(value) ? 21 : 22
    return {
      hash: parts.reduce((sum, [key, part]) => mix(mix(sum, key.hash), part.hash), start),
      check: parts.reduce((sum, [key, part]) => mix(mix(sum ^ 0x9e3779b1, key.check), part.check), start),
      holes: parts.flatMap(([key, part]) => [...key.holes, ...part.holes]),
    }
  }
}

function partsOf(value: object): readonly (readonly [string, unknown])[] {
  if (value instanceof Tree) return value.entries()
  const entries = Object.entries(value).filter(([, part]) => part !== undefined)
  return Array.isArray(value) ? entries.map(([, part]) => ['', part]) : entries.sort(([a], [b]) => (a < b ? -1 : 1))
}

const leaf = (text: string): Shape => ({ hash: textHash(text), check: textHash(`~${text}`), holes: [] })
const hex = (n: number): string => (n >>> 0).toString(16).padStart(8, '0')

/** Names by their first appearance, revisions by their rank, instants by their age. */
function fill(holes: readonly Hole[], now: number): string {
  const names = new Map<string | number, number>()
  const revisions = new Set(holes.filter(({ kind }) => kind === 'revision').map(({ value }) => Number(value)))
  const ranks = new Map([...revisions].sort((a, b) => a - b).map((revision, i) => [revision, i]))
  const texts = holes.map(({ kind, value }) => {
    if (kind === 'revision') return `r${ranks.get(Number(value))}`
    // An instant as text that is no number of ms says itself: its age is not known.
    if (kind === 'instant') return Number.isNaN(Number(value)) ? `t${value}` : `t${now - Number(value)}`
    if (!names.has(value)) names.set(value, names.size)
    return `n${names.get(value)}`
  })
  return texts.join(' ')
}
