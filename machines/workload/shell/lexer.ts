/** Cuts a script into words and operators. Quotes and `$` are understood here, since what they hold is no operator. */
import type { Part, Script, Word } from './syntax.ts'

export type Token =
  | { readonly is: 'word'; readonly word: Word; readonly plain: string | undefined }
  /** A redirection may name its descriptor: the 2 of `2>`. */
  | { readonly is: 'operator'; readonly text: string; readonly descriptor?: 0 | 1 | 2 }
  | { readonly is: 'end' }

/** What the shell says of a script that it cannot read. */
export class SyntaxFailure extends Error {}

const OPERATORS = ['&&', '||', ';;', '>>', '>&', '<&', ';', '&', '|', '<', '>', '(', ')', '\n']
const REDIRECTED = /^[012][<>]/
const ENDS_WORD = new Set([' ', '\t', '\n', ';', '&', '|', '<', '>', '(', ')'])

/** @throws SyntaxFailure on an unterminated quote. */
export function tokens(text: string, parse: (text: string) => Script): readonly Token[] {
  const found: Token[] = []
  let at = 0
  while (at < text.length) {
    const char = text[at] as string
    if (char === ' ' || char === '\t') at++
    else if (text.startsWith('\\\n', at)) at += 2
    else if (char === '#') at = endOfLine(text, at)
    else {
      const descriptor = REDIRECTED.exec(text.slice(at, at + 2)) === null ? undefined : (Number(char) as 0 | 1 | 2)
      if (descriptor !== undefined) at++
      const operator = OPERATORS.find((each) => text.startsWith(each, at))
      if (operator !== undefined) {
        found.push({ is: 'operator', text: operator, ...(descriptor === undefined ? {} : { descriptor }) })
        at += operator.length
      } else {
        const reader = new WordReader(text, at, parse)
        const word = reader.word((next) => ENDS_WORD.has(next))
        found.push({ is: 'word', word, plain: plainText(word) })
        at = reader.at
      }
    }
  }
  return [...found, { is: 'end' }]
}

const endOfLine = (text: string, at: number): number => {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end
}

/** Only a word without quotes and expansions can be a reserved word. */
function plainText(word: Word): string | undefined {
  const [only] = word
  return word.length === 1 && only?.is === 'text' && !only.quoted ? only.text : undefined
}

/** Reads one word from a place in a text. */
class WordReader {
  at: number
  private readonly text: string
  private readonly parse: (text: string) => Script
  private readonly parts: Part[] = []

  constructor(text: string, at: number, parse: (text: string) => Script) {
    this.text = text
    this.at = at
    this.parse = parse
  }

  word(ends: (char: string) => boolean): Word {
    while (this.at < this.text.length && !ends(this.text[this.at] as string)) this.one()
    return this.parts
  }

  private one(): void {
    const char = this.text[this.at] as string
    if (char === "'") this.add(this.upTo("'"), true)
    else if (char === '"') this.doubleQuoted()
    else if (char === '\\') {
      this.add(this.text[this.at + 1] ?? '\\', true)
      this.at += 2
    } else if (char === '`') this.parts.push({ is: 'output', of: this.parse(this.upTo('`')), quoted: false })
    else if (char === '$') this.expansion(false)
    else {
      this.add(char, false)
      this.at++
    }
  }

  private add(text: string, quoted: boolean): void {
    const last = this.parts.at(-1)
    if (last?.is === 'text' && last.quoted === quoted) {
      this.parts[this.parts.length - 1] = { is: 'text', text: last.text + text, quoted }
    } else this.parts.push({ is: 'text', text, quoted })
  }

  /** What stands between the mark here and the next one; goes behind it. */
  private upTo(mark: string): string {
    const end = this.text.indexOf(mark, this.at + 1)
    if (end < 0) throw new SyntaxFailure('syntax error: unterminated quoted string')
    const inner = this.text.slice(this.at + 1, end)
    this.at = end + 1
    return inner
  }

  private doubleQuoted(): void {
    this.at++
    this.add('', true)
    for (;;) {
      const char = this.text[this.at]
      if (char === undefined) throw new SyntaxFailure('syntax error: unterminated quoted string')
      if (char === '"') break
      if (char === '\\' && '$`"\\\n'.includes(this.text[this.at + 1] ?? ' ')) {
        this.add(this.text[this.at + 1] as string, true)
        this.at += 2
      } else if (char === '$') this.expansion(true)
      else if (char === '`') this.parts.push({ is: 'output', of: this.parse(this.upTo('`')), quoted: true })
      else {
        this.add(char, true)
        this.at++
      }
    }
    this.at++
  }

  private expansion(quoted: boolean): void {
    if (this.text.startsWith('$((', this.at)) this.sum(quoted)
    else if (this.text.startsWith('$(', this.at)) {
      const inner = this.balanced('(', ')')
      this.parts.push({ is: 'output', of: this.parse(inner), quoted })
    } else if (this.text.startsWith('${', this.at)) this.parts.push(braced(this.balanced('{', '}'), quoted, this.parse))
    else this.named(quoted)
  }

  private sum(quoted: boolean): void {
    const inner = this.balanced('(', ')')
    this.parts.push({ is: 'sum', expression: inner.slice(1, -1), quoted })
  }

  private named(quoted: boolean): void {
    const name = /^(?:[A-Za-z_]\w*|[0-9?!$#@*])/.exec(this.text.slice(this.at + 1))?.[0]
    if (name === undefined) {
      this.add('$', quoted)
      this.at++
      return
    }
    this.parts.push({ is: 'variable', name, quoted })
    this.at += 1 + name.length
  }

  /** The text between `$(` or `${` and the bracket that closes it; quotes inside are skipped over. */
  private balanced(open: string, close: string): string {
    const from = this.at + 2
    let depth = 1
    let at = from
    for (; at < this.text.length && depth > 0; at++) {
      const char = this.text[at] as string
      if (char === "'") at = Math.max(at, this.text.indexOf("'", at + 1))
      else if (char === '\\') at++
      else if (char === open) depth++
      else if (char === close) depth--
    }
    if (depth > 0) throw new SyntaxFailure('syntax error: unterminated quoted string')
    this.at = at
    return this.text.slice(from, at - 1)
  }
}

/** `${name}`, `${name:-otherwise}`. */
function braced(inner: string, quoted: boolean, parse: (text: string) => Script): Part {
  const [, name = inner, otherwise] = /^([A-Za-z_]\w*|[0-9?!$#@*])(?::?-(.*))?$/s.exec(inner) ?? []
  if (otherwise === undefined) return { is: 'variable', name, quoted }
  return { is: 'variable', name, otherwise: new WordReader(otherwise, 0, parse).word(() => false), quoted }
}
