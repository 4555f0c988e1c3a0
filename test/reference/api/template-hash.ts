/** The names that Kubernetes gives to ReplicaSets: the hash of their template. */
import { join } from 'node:path'
import { templateHash, templateText } from '../../../machines/lib/template-hash.ts'
import { cases } from '../family.ts'
import { linesOf } from '../folder.ts'

interface Case {
  readonly template: Parameters<typeof templateHash>[0]
  readonly hash: string
  readonly hashCollision1: string
  /** The text that is hashed; told for a few. */
  readonly dump?: string
}

export const templateHashes = cases(
  'api',
  'template-hash',
  (folder) => linesOf<Case>(join(folder, 'api/template-hash/cases.jsonl')),
  ({ template, hash, hashCollision1, dump }) => {
    const differ = (what: string, ours: string, theirs: string): string[] =>
      ours === theirs ? [] : [`${what} is ${ours}, not ${theirs}`]
    return {
      name: hash,
      differences: [
        ...differ('the hash', templateHash(template), hash),
        ...differ('after a collision it', templateHash(template, 1), hashCollision1),
        ...(dump === undefined ? [] : differ('the text', templateText(template), dump)),
      ],
    }
  },
)
