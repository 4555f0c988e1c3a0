/** Numbers that look random and are not: hashes of what is drawn. */

/** A pseudo-random 32-bit number for what is drawn: `draw(dice, 'suffix', 3)`. The same labels give the same number. */
export function draw(dice: number, ...labels: readonly (string | number)[]): number {
  let hash = dice | 0
  for (const label of labels) hash = typeof label === 'number' ? mix(hash, label) : mix(hash, textHash(label))
  return hash >>> 0
}

/** FNV-1a over UTF-16 code units. */
export function textHash(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

/** Mixes two 32-bit numbers into one, with the finalizer of MurmurHash3. */
export function mix(a: number, b: number): number {
  let hash = Math.imul(a ^ Math.imul(b + 0x9e3779b9, 0x85ebca6b), 0xc2b2ae35)
  hash ^= hash >>> 15
  hash = Math.imul(hash, 0x2c1b3c6d)
  return (hash ^ (hash >>> 13)) >>> 0
}
