/** Reads a script into its tree, by the grammar of the POSIX shell: lists, and-or lists, pipelines, compound commands. */
import { SyntaxFailure, type Token, tokens } from './lexer.ts'
import type {
  AndOr,
  Assignment,
  Case,
  Command,
  Part,
  Pipeline,
  Redirect,
  Script,
  SimpleCommand,
  Word,
} from './syntax.ts'

/** @throws SyntaxFailure with the shell's own words. */
export function parse(text: string): Script {
  const parser = new Parser(tokens(text, parse))
  const script = parser.list([])
  parser.expectEnd()
  return script
}

class Parser {
  private at = 0
  private readonly tokens: readonly Token[]

  constructor(all: readonly Token[]) {
    this.tokens = all
  }

  /** Commands up to one of the reserved words or operators that end the list. */
  list(ends: readonly string[]): Script {
    const script: AndOr[] = []
    this.skipLines()
    while (!this.isEnd(ends)) {
      const andOr = this.andOr()
      const background = this.take('&')
      script.push({ ...andOr, background })
      if (!background && !this.take(';') && !this.isOperator('\n')) break
      this.skipLines()
    }
    return script
  }

  expectEnd(): void {
    if (this.next.is !== 'end') this.fail()
  }

  private andOr(): Omit<AndOr, 'background'> {
    const first = this.pipeline()
    const rest: { after: 'success' | 'failure'; pipeline: Pipeline }[] = []
    for (;;) {
      const after = this.take('&&') ? 'success' : this.take('||') ? 'failure' : undefined
      if (after === undefined) return { first, rest }
      this.skipLines()
      rest.push({ after, pipeline: this.pipeline() })
    }
  }

  private pipeline(): Pipeline {
    const negated = this.takeWord('!')
    const commands = [this.command()]
    while (this.take('|')) {
      this.skipLines()
      commands.push(this.command())
    }
    return { negated, commands }
  }

  private command(): Command {
    if (this.takeWord('if')) return this.if()
    if (this.takeWord('while')) return this.loop(true)
    if (this.takeWord('until')) return this.loop(false)
    if (this.takeWord('for')) return this.for()
    if (this.takeWord('case')) return this.case()
    if (this.takeWord('{')) return this.group('}', false)
    if (this.take('(')) return this.group(')', true)
    return this.simple()
  }

  private if(): Command {
    const condition = this.list(['then'])
    this.expectWord('then')
    const then = this.list(['elif', 'else', 'fi'])
    if (this.takeWord('elif')) {
      const inner = this.if()
      return { is: 'if', condition, then, otherwise: alone(inner) }
    }
    const otherwise = this.takeWord('else') ? this.list(['fi']) : []
    this.expectWord('fi')
    return { is: 'if', condition, then, otherwise }
  }

  private loop(goesOnWhile: boolean): Command {
    const condition = this.list(['do'])
    return { is: 'loop', condition, goesOnWhile, body: this.body() }
  }

  private body(): Script {
    this.skipLines()
    this.expectWord('do')
    const body = this.list(['done'])
    this.expectWord('done')
    return body
  }

  private for(): Command {
    const name = this.word().map(textOf).join('')
    const words: Word[] = []
    this.skipLines()
    if (this.takeWord('in')) while (this.next.is === 'word') words.push(this.word())
    else words.push([{ is: 'variable', name: '@', quoted: true }])
    this.take(';')
    return { is: 'for', name, words, body: this.body() }
  }

  private case(): Case {
    const word = this.word()
    this.skipLines()
    this.expectWord('in')
    this.skipLines()
    const arms: { patterns: Word[]; body: Script }[] = []
    while (!this.takeWord('esac')) {
      this.take('(')
      const patterns = [this.word()]
      while (this.take('|')) patterns.push(this.word())
      if (!this.take(')')) this.fail()
      arms.push({ patterns, body: this.list([';;', 'esac']) })
      this.take(';;')
      this.skipLines()
    }
    return { is: 'case', word, arms }
  }

  private group(closes: '}' | ')', subshell: boolean): Command {
    const body = this.list([closes])
    if (closes === ')' ? !this.take(')') : !this.takeWord('}')) this.fail()
    const redirects: Redirect[] = []
    for (let found = this.redirect(); found !== undefined; found = this.redirect()) redirects.push(found)
    return { is: 'group', body, redirects, subshell }
  }

  private simple(): SimpleCommand {
    const assignments: Assignment[] = []
    const words: Word[] = []
    const redirects: Redirect[] = []
    for (;;) {
      const redirect = this.redirect()
      if (redirect !== undefined) redirects.push(redirect)
      else if (this.next.is !== 'word') break
      else {
        const word = this.word()
        const assignment = words.length === 0 ? assignmentIn(word) : undefined
        if (assignment !== undefined) assignments.push(assignment)
        else words.push(word)
      }
    }
    if (assignments.length + words.length + redirects.length === 0) this.fail()
    return { is: 'simple', assignments, words, redirects }
  }

  private redirect(): Redirect | undefined {
    const token = this.next
    const does = token.is === 'operator' ? REDIRECTS[token.text] : undefined
    if (token.is !== 'operator' || does === undefined) return undefined
    this.at++
    return { descriptor: token.descriptor ?? (does === 'read' ? 0 : 1), does, word: this.word() }
  }

  private get next(): Token {
    return this.tokens[this.at] ?? { is: 'end' }
  }
  private isOperator(text: string): boolean {
    return this.next.is === 'operator' && this.next.text === text
  }
  private isWord(text: string): boolean {
    return this.next.is === 'word' && this.next.plain === text
  }
  private isEnd(ends: readonly string[]): boolean {
    return this.next.is === 'end' || ends.some((text) => this.isOperator(text) || this.isWord(text))
  }
  private take(operator: string): boolean {
    const found = this.isOperator(operator)
    if (found) this.at++
    return found
  }
  private takeWord(text: string): boolean {
    const found = this.isWord(text)
    if (found) this.at++
    return found
  }
  private expectWord(text: string): void {
    if (!this.takeWord(text)) this.fail()
  }
  private word(): Word {
    const token = this.next
    if (token.is !== 'word') return this.fail()
    this.at++
    return token.word
  }
  private skipLines(): void {
    while (this.take('\n')) continue
  }
  private fail(): never {
    const token = this.next
    if (token.is === 'end') throw new SyntaxFailure('syntax error: unexpected end of file')
    const text = token.is === 'operator' ? token.text : (token.plain ?? 'word')
    throw new SyntaxFailure(`syntax error: unexpected "${text === '\n' ? 'newline' : text}"`)
  }
}

const REDIRECTS: Readonly<Record<string, Redirect['does']>> = {
  '>': 'write',
  '>>': 'append',
  '<': 'read',
  '>&': 'copy',
  '<&': 'copy',
}

const textOf = (part: Part): string => (part.is === 'text' ? part.text : '')

/** `name=value` in front of a command. */
function assignmentIn(word: Word): Assignment | undefined {
  const [first, ...rest] = word
  if (first?.is !== 'text' || first.quoted) return undefined
  const found = /^([A-Za-z_]\w*)=(.*)$/s.exec(first.text)
  if (found === null) return undefined
  const [, name = '', text = ''] = found
  return { name, word: text === '' ? rest : [{ ...first, text }, ...rest] }
}

const alone = (command: Command): Script => [
  { first: { negated: false, commands: [command] }, rest: [], background: false },
]
