/** Where a list in pages goes on: apiserver/pkg/storage/continue.go. Unpadded base64url of a little JSON. */

export interface Continue {
  /** The revision of the first page, which all pages show. */
  readonly revision: number
  /** The key after which to go on: `namespace/name`, or `name`. */
  readonly after: string
}

export const continueToken = ({ revision, after }: Continue): string =>
  base64Url(`{"v":"meta.k8s.io/v1","rv":${revision},"start":${JSON.stringify(`${after}\u0000`)}}`)

/** @returns undefined when it is no token of this server. */
export function parseContinue(token: string): Continue | undefined {
  const found = /^\{"v":"meta\.k8s\.io\/v1","rv":(\d+),"start":("[^"]*")\}\n?$/.exec(textOf(token))
  if (found === null) return undefined
  return { revision: Number(found[1]), after: (JSON.parse(found[2] as string) as string).replace(/\u0000$/, '') }
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Of ASCII, which names and keys are. */
function base64Url(text: string): string {
  let out = ''
  for (let i = 0; i < text.length; i += 3) {
    const bits = (text.charCodeAt(i) << 16) | ((text.charCodeAt(i + 1) || 0) << 8) | (text.charCodeAt(i + 2) || 0)
    for (let part = 0; part < Math.min(4, text.length - i + 1); part++) out += LETTERS[(bits >> (18 - 6 * part)) & 63]
  }
  return out
}

function textOf(token: string): string {
  let out = ''
  let bits = 0
  let held = 0
  for (const letter of token) {
    const value = LETTERS.indexOf(letter)
    if (value < 0) return ''
    bits = ((bits << 6) | value) & 0xffffff
    held += 6
    if (held >= 8) {
      held -= 8
      out += String.fromCharCode((bits >> held) & 255)
    }
  }
  return out
}
