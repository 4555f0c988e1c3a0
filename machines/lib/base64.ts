/** Texts as base64 over UTF-8, without the browser's or node's own functions. */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

export function base64(text: string): string {
  const bytes = utf8(text)
  let encoded = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b, c] = bytes.slice(i, i + 3)
    const three = (a << 16) | ((b ?? 0) << 8) | (c ?? 0)
    encoded +=
      letter(three, 18) +
      letter(three, 12) +
      (b === undefined ? '=' : letter(three, 6)) +
      (c === undefined ? '=' : letter(three, 0))
  }
  return encoded
}
const letter = (three: number, shift: number): string => LETTERS[(three >> shift) & 63] as string

/** The bytes of a text in UTF-8. */
export function utf8(text: string): readonly number[] {
  const bytes: number[] = []
  for (const point of text) {
    const code = point.codePointAt(0) as number
    const tail = (shift: number): number => 0x80 | ((code >> shift) & 0x3f)
    if (code < 0x80) bytes.push(code)
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), tail(0))
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), tail(6), tail(0))
    else bytes.push(0xf0 | (code >> 18), tail(12), tail(6), tail(0))
  }
  return bytes
}

/** The text behind base64, or where the first wrong character is. */
export function unbase64(encoded: string): { readonly bytes: readonly number[]; readonly wrongAt?: number } {
  const bytes: number[] = []
  const plain = encoded.replace(/[\r\n]/g, '')
  for (let i = 0; i < plain.length; i += 4) {
    const four = plain.slice(i, i + 4)
    const wrong = four.search(/[^A-Za-z0-9+/=]/)
    if (wrong >= 0) return { bytes, wrongAt: i + wrong }
    if (!/^[A-Za-z0-9+/]{2}(?:[A-Za-z0-9+/]{2}|[A-Za-z0-9+/]=|==)$/.test(four)) return { bytes, wrongAt: i }
    const [a = 0, b = 0, c = 0, d = 0] = [...four].map((each) => (each === '=' ? 0 : LETTERS.indexOf(each)))
    const three = (a << 18) | (b << 12) | (c << 6) | d
    const count = four.endsWith('==') ? 1 : four.endsWith('=') ? 2 : 3
    bytes.push(...[three >> 16, (three >> 8) & 255, three & 255].slice(0, count))
  }
  return { bytes }
}

/** How many bytes base64 stands for. */
export function decodedLength(encoded: string): number {
  const padding = encoded.endsWith('==') ? 2 : encoded.endsWith('=') ? 1 : 0
  return Math.floor((encoded.length * 3) / 4) - padding
}
