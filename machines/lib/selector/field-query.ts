/** Field selectors as a query writes them (k8s.io/apimachinery/pkg/fields). */
import type { Parsed } from './requirement.ts'

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
