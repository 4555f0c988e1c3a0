/** What the API refused of the objects in files, said at the place where it is written. */
import { readFileSync } from 'node:fs'
import type { Cluster } from '../machines/cluster/cluster.ts'
import { inWords, placeOf } from '../machines/cluster/manifests.ts'
import type { Applied } from '../machines/protocol/kubectl.ts'
import { BadInput } from './failure.ts'

/** `The Deployment "web" is invalid: spec.replicas: Invalid value: …`, or its list with `* ` before each. */
const INVALID = /The (\w+) "([^"]+)" is invalid:/
const FIELD = /^(?:\* |The \w+ "[^"]+" is invalid: )([\w.[\]"/-]+): (.+)$/

/** `kubectl apply` of what the files hold. @throws {BadInput} with the place of what the API refuses */
export function applyFiles({ kubectl }: Cluster, objects: readonly Applied[], files: readonly string[]): void {
  const { code, lines } = kubectl.attempt({ command: 'apply', objects })
  if (code !== 0) throw refused(files, lines)
}

/** @param lines what kubectl ended with */
export function refused(files: readonly string[], lines: readonly string[]): BadInput {
  const [, kind, name] = INVALID.exec(lines.join('\n')) ?? []
  const said = lines.flatMap((line) => line.split('\n')).map((line) => placed(files, line, kind, name))
  return new BadInput(said.filter((line) => line !== '').join('\n'))
}

function placed(files: readonly string[], line: string, kind = '', name = ''): string {
  const [, path = '', message = ''] = FIELD.exec(line) ?? []
  if (path === '') return INVALID.test(line) ? '' : line
  for (const file of files) {
    const place = placeOf(readFileSync(file, 'utf8'), { kind, name }, path)
    if (place !== undefined) return inWords({ file, path, message, ...place })
  }
  return line
}
