import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { filesAt, manifestsAt } from '../../../cli/manifests.ts'
import v132 from '../../../machines/profiles/v1.32/index.ts'
import { folder, WEB } from './command.ts'

const at = folder()
const file = (name: string, text: string): string => {
  const path = join(at, name)
  writeFileSync(path, text)
  return path
}

test('a file is itself, a folder the manifests in it', () => {
  const web = file('web.yaml', WEB)
  file('notes.md', '#')
  expect(filesAt(web)).toEqual([web])
  expect(filesAt(at)).toEqual([web])
  expect(manifestsAt([at], v132).map(({ object }) => object.kind)).toEqual(['Deployment'])
})
test('a scenario is no manifest', () => {
  expect(() => manifestsAt([file('story.ts', '')], v132)).toThrow(/story\.ts: is no manifest/)
})
