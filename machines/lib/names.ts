/** Names and identifiers that Kubernetes draws: suffixes of generated names, uids, encoded hashes. */
import { draw } from '../../runtime/contract.ts'

/** No vowels and no look-alikes, so that no words arise (k8s.io/apimachinery/pkg/util/rand). */
const LETTERS = 'bcdfghjklmnpqrstvwxz2456789'

/** Five letters from a drawn 32-bit number, as `generateName` appends (rand.String). */
export function nameSuffix(drawn: number): string {
  let rest = drawn >>> 0
  let text = ''
  for (let i = 0; i < 5; i++) {
    text += LETTERS[rest % LETTERS.length]
    rest = Math.floor(rest / LETTERS.length)
  }
  return text
}

/** The longest base that a suffix is put behind; more of it is cut off (names.SimpleNameGenerator). */
const LONGEST_BASE = 63 - 5
export const generatedName = (base: string, drawn: number): string =>
  [base.slice(0, LONGEST_BASE), nameSuffix(drawn)].join('')

/** A uuid of version 4, drawn. */
export function uidOf(dice: number, ...labels: readonly (string | number)[]): string {
  const drawn = draw(dice, ...labels, 'uid')
  const [a, b, c, d] = [draw(drawn, 0), draw(drawn, 1), draw(drawn, 2), draw(drawn, 3)]
  const versioned = (b & 0xffff0fff) | 0x4000
  const variant = (c & 0x3fffffff) | 0x80000000
  // Joined it is one piece of memory; every object has one.
  return [
    hex16(a >>> 16) + hex16(a),
    hex16(versioned >>> 16),
    hex16(versioned),
    hex16(variant >>> 16),
    hex16(variant) + hex16(d >>> 16) + hex16(d),
  ].join('-')
}
const hex16 = (n: number): string => `${HEX[(n >>> 8) & 0xff]}${HEX[n & 0xff]}`
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** rand.SafeEncodeString: each character becomes a letter that is safe in a name. */
export function safeEncode(text: string): string {
  let encoded = ''
  for (let i = 0; i < text.length; i++) encoded += LETTERS[text.charCodeAt(i) % LETTERS.length]
  return encoded
}
