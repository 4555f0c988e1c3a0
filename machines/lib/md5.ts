/** MD5 (RFC 1321) as hexadecimal text: Kubernetes orders ports and subsets of Endpoints by it. */
import { utf8 } from './base64.ts'

const SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]
/** floor(2^32 · |sin(i + 1)|), written out: sines differ between engines. */
const SINES = [
  0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501, 0x698098d8,
  0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340,
  0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6, 0xc33707d6, 0xf4d50d87,
  0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a, 0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c,
  0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70, 0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039,
  0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92,
  0xffeff47d, 0x85845dd1, 0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb,
  0xeb86d391,
]

export function md5(text: string): string {
  const words = padded(utf8(text))
  let state: readonly [number, number, number, number] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]
  for (let block = 0; block < words.length; block += 16) {
    const [a, b, c, d] = mixed(state, words, block)
    state = [(state[0] + a) | 0, (state[1] + b) | 0, (state[2] + c) | 0, (state[3] + d) | 0]
  }
  return state.map(hex).join('')
}

/** The bytes in words of 32 bits, the lowest byte first, with their length in bits at the end. */
function padded(bytes: ArrayLike<number>): readonly number[] {
  const blocks = ((bytes.length + 8) >> 6) + 1
  const words = Array.from({ length: blocks * 16 }, () => 0)
  const put = (i: number, byte: number): void => {
    words[i >> 2] = (words[i >> 2] as number) | (byte << ((i % 4) * 8))
  }
  for (let i = 0; i < bytes.length; i++) put(i, bytes[i] as number)
  put(bytes.length, 0x80)
  words[blocks * 16 - 2] = bytes.length * 8
  return words
}

function mixed(
  [a0, b0, c0, d0]: readonly [number, number, number, number],
  words: readonly number[],
  block: number,
): readonly [number, number, number, number] {
  let [a, b, c, d] = [a0, b0, c0, d0]
  for (let i = 0; i < 64; i++) {
    const round = i >> 4
    const [word, bits] = stepOf(round, i, b, c, d)
    const sum = (a + bits + (SINES[i] as number) + (words[block + word] as number)) | 0
    const shift = SHIFTS[round * 4 + (i % 4)] as number
    a = d
    d = c
    c = b
    b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0
  }
  return [a, b, c, d]
}

/** Which word a step takes, and what it makes of three parts of the state. */
function stepOf(round: number, i: number, b: number, c: number, d: number): readonly [word: number, bits: number] {
  if (round === 0) return [i, (b & c) | (~b & d)]
  if (round === 1) return [(5 * i + 1) % 16, (d & b) | (~d & c)]
  if (round === 2) return [(3 * i + 5) % 16, b ^ c ^ d]
  return [(7 * i) % 16, c ^ (b | ~d)]
}

const hex = (word: number): string =>
  [0, 8, 16, 24].map((shift) => ((word >>> shift) & 255).toString(16).padStart(2, '0')).join('')
