/**
 * Selectors: by labels as objects hold them (metav1.LabelSelector), by labels and fields as a query writes them
 * (k8s.io/apimachinery/pkg/labels, pkg/fields), and by node selector terms.
 */
import type { core, LabelSelector } from '../protocol/objects.ts'
import { labelValue, qualifiedName } from './validation/formats.ts'

export type Labels = Readonly<Record<string, string>>
export type Parsed<T> =
  | { readonly value: T; readonly error?: undefined }
  | { readonly error: string; readonly value?: undefined }

/** Every label of the map is there with that value. An empty map matches all. */
export function selectorMatches(selector: Labels, labels: Labels | undefined): boolean {
  for (const key of Object.keys(selector)) if (labels?.[key] !== selector[key]) return false
  return true
}

/** metav1.LabelSelectorAsSelector: an empty selector matches everything, an absent one nothing. */
export function labelsMatch(selector: LabelSelector | undefined, labels: Labels | undefined): boolean {
  if (selector === undefined || selector === null) return false
  if (selector.matchLabels !== undefined && !selectorMatches(selector.matchLabels, labels)) return false
  return (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) =>
    requirementMet({ key, operator: operator as Operator, values }, labels),
  )
}

export type Operator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt'
export interface Requirement {
  readonly key: string
  readonly operator: Operator
  readonly values: readonly string[]
}

function requirementMet({ key, operator, values }: Requirement, labels: Labels | undefined): boolean {
  const label = labels?.[key]
  switch (operator) {
    case 'In':
      return label !== undefined && values.includes(label)
    case 'NotIn':
      return label === undefined || !values.includes(label)
    case 'Exists':
      return label !== undefined
    case 'DoesNotExist':
      return label === undefined
    case 'Gt':
    case 'Lt':
      return label !== undefined && values.length === 1 && ordered(operator, label, values[0] as string)
    default:
      return false
  }
}

function ordered(operator: 'Gt' | 'Lt', label: string, value: string): boolean {
  if (!WHOLE_NUMBER.test(label) || !WHOLE_NUMBER.test(value)) return false
  return operator === 'Gt' ? BigInt(label) > BigInt(value) : BigInt(label) < BigInt(value)
}
const WHOLE_NUMBER = /^-?\d+$/

/** All requirements of the list are met. */
export const requirementsMet = (requirements: readonly Requirement[], labels: Labels | undefined): boolean =>
  requirements.every((requirement) => requirementMet(requirement, labels))

/**
 * One of the terms matches (component-helpers nodeaffinity). A term without expressions and fields matches nothing;
 * fields know `metadata.name` alone.
 */
export function nodeSelectorTermsMatch(
  terms: readonly core.NodeSelectorTerm[],
  node: { metadata: { name?: string; labels?: Labels } },
): boolean {
  return terms.some((term) => nodeSelectorTermMatches(term, node))
}
export function nodeSelectorTermMatches(
  { matchExpressions = [], matchFields = [] }: core.NodeSelectorTerm,
  { metadata }: { metadata: { name?: string; labels?: Labels } },
): boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false
  return (
    matchExpressions.every((each) => requirementMet(requirementOf(each), metadata.labels ?? {})) &&
    matchFields.every((each) => requirementMet(requirementOf(each), { 'metadata.name': metadata.name ?? '' }))
  )
}

const requirementOf = ({ key, operator, values = [] }: core.NodeSelectorRequirement): Requirement => ({
  key,
  operator: operator as Operator,
  values,
})

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

export interface FieldTerm {
  readonly field: string
  readonly value: string
  readonly equal: boolean
}
export interface FieldQuery {
  readonly terms: readonly FieldTerm[]
  /** Given how to read a field of an object as text. */
  readonly matches: (fieldOf: (field: string) => string) => boolean
}

/** fields.ParseSelector: `spec.nodeName=node-1,status.phase!=Failed`; `\` escapes `,`, `=` and itself. */
export function parseFieldSelector(text: string): Parsed<FieldQuery> {
  const terms: FieldTerm[] = []
  for (const part of [...splitTerms(text)].sort()) {
    if (part === '') continue
    const found = /^(.*?)(!=|==|=)([\s\S]*)$/.exec(part)
    if (found === null) return { error: `invalid selector: '${text}'; can't understand '${part}'` }
    const [, field = '', operator, written = ''] = found
    const value = unescaped(written)
    if (value.error !== undefined) return { error: value.error }
    terms.push({ field, value: value.value, equal: operator !== '!=' })
  }
  const matches: FieldQuery['matches'] = (fieldOf) =>
    terms.every(({ field, value, equal }) => (fieldOf(field) === value) === equal)
  return { value: { terms, matches } }
}

const splitTerms = (text: string): readonly string[] => text.match(/(?:\\.|[^,\\]|\\$)+/g) ?? []

function unescaped(written: string): Parsed<string> {
  let value = ''
  for (let i = 0; i < written.length; i++) {
    const ch = written[i] as string
    if (ch === ',' || ch === '=')
      return { error: `invalid field selector: unescaped character in value: ${ch.charCodeAt(0)}` }
    if (ch !== '\\') value += ch
    else {
      const next = written[++i] ?? ''
      if (next === '' || !'\\,='.includes(next))
        return { error: `invalid field selector: invalid escape sequence: \\${next}` }
      value += next
    }
  }
  return { value }
}

/** labels.Selector.String: `app=web,tier in (a,b),!legacy`, sorted by key; `''` when it selects everything. */
export function formatLabelSelector(selector: LabelSelector | undefined): string {
  const exact = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => [key, `${key}=${value}`] as const)
  const sets = (selector?.matchExpressions ?? []).map(
    ({ key, operator, values = [] }) => [key, expression(key, operator, values)] as const,
  )
  return [...exact, ...sets]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, text]) => text)
    .join(',')
}

function expression(key: string, operator: string, values: readonly string[]): string {
  if (operator === 'Exists') return key
  if (operator === 'DoesNotExist') return `!${key}`
  return `${key} ${operator === 'In' ? 'in' : 'notin'} (${[...values].sort().join(',')})`
}
