import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { BadInput } from '../../../cli/failure.ts'
import { loaded, logLines, scenariosIn } from '../../../cli/load.ts'
import v132 from '../../../machines/profiles/v1.32/index.ts'
import { folder, WEB } from './command.ts'

const at = folder()
const file = (name: string, text: string): string => {
  const path = join(at, name)
  writeFileSync(path, text)
  return path
}
const map = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\n`

describe('manifests', () => {
  test('of files and folders come in the order of the command line, in folders in that of the names', async () => {
    mkdirSync(join(at, 'many'))
    file('many/b.yaml', map('b'))
    file('many/a.yml', map('a'))
    file('many/notes.txt', 'nothing')
    const { manifests } = await loaded([file('web.yaml', WEB), join(at, 'many')], v132)
    expect(manifests.map(({ object }) => object.metadata.name)).toEqual(['web', 'a', 'b'])
  })

  test('that are bad are told all at once, and none is used', async () => {
    const bad = file('bad.yaml', WEB.replace('replicas: 2', 'replicas: two'))
    const worse = file('worse.yaml', 'kind: Pod\n')
    const error = await loaded([file('good.yaml', WEB), bad, worse], v132).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(BadInput)
    expect((error as Error).message.split('\n')).toEqual([
      `${bad}:6:13: spec.replicas: must be an integer, not the string "two"`,
      `${worse}:1:1: apiVersion is missing; write for example "apiVersion: v1" and "kind: Pod"`,
    ])
  })

  test.each([
    ['none.yaml', 'there is no such file or folder'],
    ['notes.md', 'neither a manifest (.yaml, .yml, .json) nor a scenario (.ts, .js)'],
    ['empty', 'no manifests in this folder'],
  ])('%s is told as what it is', async (name, sentence) => {
    mkdirSync(join(at, 'empty'), { recursive: true })
    file('notes.md', '#')
    await expect(loaded([join(at, name)], v132)).rejects.toThrow(sentence)
  })
})

describe('scenarios', () => {
  test('are whatever a module exports of them, with the file they are from', async () => {
    const found = await scenariosIn('docs/examples/own-controller/scenario.ts')
    expect(found.map(({ file: from, name }) => [from, name])).toEqual([
      ['docs/examples/own-controller/scenario.ts', 'a coast gets its lighthouses'],
      ['docs/examples/own-controller/scenario.ts', 'a coast gets its lighthouses, and each keeper has one name'],
    ])
  })

  test('that are none, or that do not load, are told with the file', async () => {
    await expect(scenariosIn(file('none.mjs', 'export const a = 1'))).rejects.toThrow(
      /none\.mjs: exports no scenario; write for example/,
    )
    await expect(scenariosIn(file('broken.mjs', 'throw new Error("not today")'))).rejects.toThrow(
      /broken\.mjs: not today/,
    )
    await expect(scenariosIn(join(at, 'absent.ts'))).rejects.toThrow('there is no such file')
  })
})

test('a log is read line by line; one that is none is told with its line', () => {
  expect(logLines(file('good.log', '{"n":1}\n{"n":2}\n'))).toEqual([{ n: 1 }, { n: 2 }])
  expect(() => logLines(file('bad.log', '{"n":1}\nnothing\n'))).toThrow(/bad\.log:2:1: is no JSON; write the log with/)
  expect(() => logLines(join(at, 'no.log'))).toThrow('there is no such file')
})
