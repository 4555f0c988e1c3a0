/** A whole run as one hash: of every line of its log, in order. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createCluster } from '../../machines/index.ts'
import { logLine } from '../../runtime/inspect/log.ts'
import { type Telling, tell } from './story.ts'

const SHOP = fileURLToPath(new URL('../../docs/examples/shop', import.meta.url))

export const manifests: readonly string[] = readdirSync(SHOP)
  .sort()
  .map((name) => readFileSync(join(SHOP, name), 'utf8'))

export const library = { createCluster, logLine }

/** Takes lines, and gives their sha256 in hex in the end: each line ends with a newline. */
export function digest(): { readonly line: (line: string) => void; readonly hex: () => string } {
  const hash = createHash('sha256')
  return { line: (line) => hash.update(`${line}\n`), hex: () => hash.digest('hex') }
}

/** The story, told once. */
export function told(telling: Omit<Telling, 'line'> = {}): string {
  const { line, hex } = digest()
  tell(library, manifests, { ...telling, line })
  return hex()
}
