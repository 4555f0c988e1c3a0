/** From the words of a command to its arguments: variables, sums and outputs put in, the unquoted cut at blanks. */
import { sum } from './arithmetic.ts'
import type { Part, Script, Word } from './syntax.ts'

/** What `$name` gives: undefined when it is not set. */
export type Lookup = (name: string) => string | undefined

/** The scripts of `$(…)` in these words, in the order in which they are to be run. */
export function outputsWanted(words: readonly Word[]): readonly Script[] {
  const inPart = (part: Part): readonly Script[] => {
    if (part.is === 'output') return [part.of]
    return part.is === 'variable' && part.otherwise !== undefined ? outputsWanted([part.otherwise]) : []
  }
  return words.flatMap((word) => word.flatMap(inPart))
}

/** Puts values into words, one word after the other. `outputs` are those of `outputsWanted`, in its order. */
export class Expansion {
  private taken = 0
  private readonly lookup: Lookup
  private readonly outputs: readonly string[]

  constructor(lookup: Lookup, outputs: readonly string[]) {
    this.lookup = lookup
    this.outputs = outputs
  }

  /** Of assignments and redirections: stays one text. */
  textOf(word: Word): string {
    return word.map((part) => this.value(part)).join('')
  }

  /** Of a command: nothing, one argument or several. */
  fieldsOf(word: Word): readonly string[] {
    const done: string[] = []
    let open: string | undefined
    for (const part of word) {
      const value = this.value(part)
      if (part.quoted || part.is === 'text') open = (open ?? '') + value
      else {
        const pieces = value.split(/[ \t\n]+/)
        for (const [i, piece] of pieces.entries()) {
          if (i > 0 && open !== undefined) {
            done.push(open)
            open = undefined
          }
          if (piece !== '') open = (open ?? '') + piece
        }
      }
    }
    return open === undefined ? done : [...done, open]
  }

  private value(part: Part): string {
    if (part.is === 'text') return part.text
    if (part.is === 'output') return (this.outputs[this.taken++] ?? '').replace(/\n+$/, '')
    if (part.is === 'sum') return String(sum(part.expression, (name) => this.lookup(name) ?? ''))
    const value = this.lookup(part.name)
    if (part.otherwise === undefined) return value ?? ''
    const otherwise = this.textOf(part.otherwise)
    return value === undefined || value === '' ? otherwise : value
  }
}
