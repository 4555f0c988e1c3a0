/** Label selectors as a query writes them: `app=web,tier in (a,b),!legacy` (labels.Parse). */
import { labelValue, qualifiedName } from '../validation/formats.ts'
import {
  type Labels,
  type Operator,
  type Parsed,
  type Requirement,
  requirementsMet,
  WHOLE_NUMBER,
} from './requirement.ts'

export interface LabelQuery {
  readonly requirements: readonly Requirement[]
  readonly matches: (labels: Labels | undefined) => boolean
}

/** labels.Parse: `app=web,tier in (a,b),!legacy`. Sorted by key. */
export function parseLabelSelector(text: string): Parsed<LabelQuery> {
  const parser = new LabelParser(tokensOf(text))
  const requirements = parser.parse()
  if (typeof requirements === 'string') return { error: requirements }
  const sorted = [...requirements].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  return { value: { requirements: sorted, matches: (labels) => requirementsMet(sorted, labels) } }
}

type Token = 'identifier' | 'in' | 'notin' | ')' | '(' | ',' | '!' | '=' | '==' | '!=' | '>' | '<' | 'end' | 'error'
type Scanned = readonly [token: Token, literal: string]
const SYMBOLS: ReadonlySet<string> = new Set([')', '(', ',', '!', '=', '==', '!=', '>', '<'])

function tokensOf(text: string): readonly Scanned[] {
  const tokens: Scanned[] = []
  let at = 0
  while (at < text.length) {
    const ch = text[at] as string
    if (/[ \t\r\n]/.test(ch)) {
      at++
      continue
    }
    const [token, literal] = /[=!(),><]/.test(ch) ? symbolAt(text, at) : wordAt(text, at)
    tokens.push([token, literal])
    at += literal.length
  }
  return [...tokens, ['end', '']]
}

function symbolAt(text: string, at: number): Scanned {
  const two = text.slice(at, at + 2)
  const literal = SYMBOLS.has(two) ? two : (text[at] as string)
  return [literal as Token, literal]
}

function wordAt(text: string, at: number): Scanned {
  const literal = /^[^=!(),>< \t\r\n]+/.exec(text.slice(at))?.[0] ?? ''
  return [literal === 'in' || literal === 'notin' ? literal : 'identifier', literal]
}

const BINARY: Readonly<Record<string, Operator>> = {
  in: 'In',
  notin: 'NotIn',
  '=': 'In',
  '==': 'In',
  '!=': 'NotIn',
  '>': 'Gt',
  '<': 'Lt',
}

/** The recursive descent of labels.Parser; an error is a text. */
class LabelParser {
  private readonly tokens: readonly Scanned[]
  private at = 0

  constructor(tokens: readonly Scanned[]) {
    this.tokens = tokens
  }

  parse(): readonly Requirement[] | string {
    const requirements: Requirement[] = []
    for (;;) {
      const [token, literal] = this.ahead()
      if (token === 'end') return requirements
      if (token !== 'identifier' && token !== '!')
        return `found '${literal}', expected: !, identifier, or 'end of string'`
      const requirement = this.requirement()
      if (typeof requirement === 'string') return `unable to parse requirement: ${requirement}`
      requirements.push(requirement)
      const [next, found] = this.take()
      if (next === 'end') return requirements
      if (next !== ',') return `found '${found}', expected: ',' or 'end of string'`
      const [after, what] = this.ahead()
      if (after !== 'identifier' && after !== '!') return `found '${what}', expected: identifier after ','`
    }
  }

  private requirement(): Requirement | string {
    let [token, key] = this.take()
    const negated = token === '!'
    if (negated) [token, key] = this.take()
    if (token !== 'identifier') return `found '${key}', expected: identifier`
    const complaints = qualifiedName(key)
    if (complaints.length > 0) return `<nil>: Invalid value: ${JSON.stringify(key)}: ${complaints.join('; ')}`
    if (negated) return { key, operator: 'DoesNotExist', values: [] }
    const [next] = this.ahead()
    if (next === 'end' || next === ',') return { key, operator: 'Exists', values: [] }
    return this.comparison(key)
  }

  private comparison(key: string): Requirement | string {
    const [token, literal] = this.take(false)
    const operator = BINARY[token]
    if (operator === undefined) return `found '${literal}', expected: in, notin, =, ==, !=, gt, lt`
    const values = token === 'in' || token === 'notin' ? this.values() : this.exactValue()
    return typeof values === 'string' ? values : checked({ key, operator, values })
  }

  private exactValue(): readonly string[] | string {
    const [token] = this.ahead()
    if (token === 'end' || token === ',') return ['']
    const [taken, literal] = this.take()
    return taken === 'identifier' ? [literal] : `found '${literal}', expected: identifier`
  }

  private values(): readonly string[] | string {
    const [token, literal] = this.take()
    if (token !== '(') return `found '${literal}' expected: '('`
    const [next, found] = this.ahead()
    if (next === ')') {
      this.take()
      return ['']
    }
    if (next !== 'identifier' && next !== ',') return `found '${found}', expected: ',', ')' or identifier`
    const values = this.identifiers()
    if (typeof values === 'string') return values
    return this.take()[0] === ')' ? [...new Set(values)].sort() : `found '${found}', expected: ')'`
  }

  private identifiers(): readonly string[] | string {
    const values: string[] = []
    for (;;) {
      const [token, literal] = this.take()
      const [next, found] = this.ahead()
      if (token === 'identifier') {
        values.push(literal)
        if (next === ')') return values
        if (next !== ',') return `found '${found}', expected: ',' or ')'`
      } else if (token === ',') {
        if (values.length === 0) values.push('')
        if (next === ')') return [...values, '']
        if (next === ',') {
          this.take()
          values.push('')
        }
      } else return `found '${literal}', expected: ',', or identifier`
    }
  }

  /** Where a value may stand, `in` and `notin` are words like any other. */
  private ahead(asValue = true): Scanned {
    const [token, literal] = this.tokens[this.at] ?? ['end', '']
    return asValue && (token === 'in' || token === 'notin') ? ['identifier', literal] : [token, literal]
  }

  private take(asValue = true): Scanned {
    const taken = this.ahead(asValue)
    this.at++
    return taken
  }
}

/** labels.NewRequirement: what a value may be. */
function checked(requirement: Requirement): Requirement | string {
  const { key, operator, values } = requirement
  if ((operator === 'Gt' || operator === 'Lt') && !WHOLE_NUMBER.test(values[0] ?? '')) {
    return `values[0]: Invalid value: ${JSON.stringify(values[0])}: for 'Gt', 'Lt' operators, the value must be an integer`
  }
  for (const [i, each] of values.entries()) {
    const complaints = labelValue(each)
    if (complaints.length > 0) {
      return `values[${i}][${key}]: Invalid value: ${JSON.stringify(each)}: ${complaints.join('; ')}`
    }
  }
  return requirement
}
