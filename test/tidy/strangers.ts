/** Traces of the machine on which something was written: its folders, the hosts of its registries. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'
import { read, root } from './sources.ts'

const PLACES = ['.', 'cli', 'docs', 'machines', 'runtime', 'test', '.ci']
const READ = /\.(ts|js|mjs|json|md|ya?ml|svg|sh|txt)$|\/run$|^\.npmrc$/
/** Put together here, so that this file does not find itself. */
const FOLDERS = ['work', 'root', 'home', 'Users'].map((name) => `(?<![\\w.~-])/${name}/\\w`)
const REGISTRIES = [
  '"resolved"\\s*: "(?!https://registry\\.npmjs\\.org/)',
  'https?://(localhost|127\\.0\\.0\\.1|10\\.\\d+\\.\\d+\\.\\d+):\\d+/(npm|repository|artifactory)',
]
const STRANGE = new RegExp([...FOLDERS, ...REGISTRIES].join('|'))

/** `file:line: text`, one for each. */
export function strangers(): string[] {
  return PLACES.flatMap((place) => filesOf(place)).flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, i) => (STRANGE.test(line) ? [`${path}:${i + 1}: ${line.trim().slice(0, 120)}`] : [])),
  )
}

function filesOf(place: string): string[] {
  const folder = join(root, place)
  if (!existsSync(folder)) return []
  const names = readdirSync(folder, { recursive: place !== '.', encoding: 'utf8' })
  const paths = names.map((name) => posix.join(place, name.replaceAll('\\', '/')))
  return paths.filter((path) => READ.test(path) && !isRecording(path) && statSync(join(root, path)).isFile())
}

/** What the real components said is kept as they said it. */
const isRecording = (path: string): boolean => path.startsWith('test/reference/') && !path.endsWith('.ts')
