/** Keys of what is counted. */

/**
 * A number as a key of a tree: keys sort as the numbers count. A dozen digits is what an engine still keeps in one piece
 * of memory when it adds texts, and six what it writes without counting in floating point.
 * @param n a whole number from 0 to 999,999,999,999
 * @throws when there is no key of it
 */
export function numberKey(n: number): string {
  if (!(n >= 0 && n < 1e12)) throw new Error(`${n} is no number from 0 to 999999999999: it has no key`)
  const high = Math.floor(n / 1e6)
  return sixDigits(high) + sixDigits(n - high * 1e6)
}

function sixDigits(n: number): string {
  const digits = String(n)
  return `${ZEROS[digits.length]}${digits}`
}
const ZEROS = Array.from({ length: 7 }, (_, digits) => '0'.repeat(6 - digits))
