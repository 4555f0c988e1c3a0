/**
 * Questions as texts: all that an answer depends on, so that who asks the same again is told what was found before.
 * Objects are frozen, so each is looked at once; equal ones are known by one number, which keeps the texts short.
 */
import { Recently } from './recently.ts'

const numbers = new WeakMap<object, number>()
const kinds = new Recently<number>(2_048)
let last = 0

/** @param parts equal if their JSON is: what is undefined counts as null */
export function question(...parts: readonly unknown[]): string {
  let text = ''
  for (const part of parts) text += `${nameOf(part)},`
  return text
}

function nameOf(part: unknown): string {
  if (part === undefined || part === null) return ''
  return typeof part === 'object' ? `#${numberOf(part)}` : JSON.stringify(part)
}

function numberOf(part: object): number {
  let number = numbers.get(part)
  if (number === undefined) {
    number = kinds.of(JSON.stringify(part), () => ++last)
    numbers.set(part, number)
  }
  return number
}
