/** A recording as one word to paste: JSON, deflated, in the alphabet of URLs. */
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Recording } from '../runtime/record.ts'

const MARK = 'orrery1.'

/** Thrown for a text that is no token, or one that was cut off. */
export class BadToken extends Error {}

export const tokenOf = (recording: Recording): string =>
  MARK + deflateRawSync(JSON.stringify(recording), { level: 9 }).toString('base64url')

/** @throws {BadToken} */
export function recordingIn(token: string): Recording {
  if (!token.startsWith(MARK)) throw new BadToken(`no token: it begins with "${MARK}"`)
  try {
    return JSON.parse(inflateRawSync(Buffer.from(token.slice(MARK.length), 'base64url')).toString('utf8')) as Recording
  } catch {
    throw new BadToken('the token is not whole: copy it to its end')
  }
}
