import { expect, test } from 'vitest'
import {
  absolute,
  emptyFileSystem,
  type FileSystem,
  fileAt,
  namesIn,
  refusal,
  textFile,
  withFile,
} from '../../../../machines/workload/files.ts'
import { Tree } from '../../../../runtime/tree.ts'

const mount = {
  path: '/v',
  volume: 'v',
  within: '',
  readOnly: false,
  files: Tree.of([
    ['/k', textFile('one')],
    ['/d/x', textFile('two')],
  ]),
}
const system: FileSystem = { readOnly: false, files: Tree.of([['/a', textFile('A')]]), mounts: [mount] }

test('paths are made absolute', () => {
  expect([absolute('a/../b', '/w'), absolute('/x/./y', '/w'), absolute('..', '/')]).toEqual(['/w/b', '/x/y', '/'])
})

test('files are found in the layer and on volumes', () => {
  expect(fileAt(system, '/a')?.content).toBe('A')
  expect(fileAt(system, '/v/k')?.content).toBe('one')
  expect(fileAt(system, '/v/d')?.kind).toBe('directory')
  expect(fileAt(system, '/v')?.kind).toBe('directory')
  expect(fileAt(system, '/none')).toBeUndefined()
  expect(namesIn(system, '/')).toEqual(['a', 'v'])
  expect(namesIn(system, '/v')).toEqual(['d', 'k'])
})

test('a part of a volume can be mounted', () => {
  const part = { ...system, mounts: [{ ...mount, path: '/p', within: '/d' }] }
  expect(fileAt(part, '/p/x')?.content).toBe('two')
  expect(withFile(part, '/p/y', textFile('new'))[1]).toMatchObject({ volume: 'v', path: '/d/y' })
})

test('writing leaves the old file system as it was', () => {
  const [next, change] = withFile(system, '/v/k', undefined)
  expect(fileAt(next, '/v/k')).toBeUndefined()
  expect(fileAt(system, '/v/k')).toBeDefined()
  expect(change).toEqual({ volume: 'v', path: '/k', file: undefined })
  expect(withFile(system, '/b', textFile(''))[1]).toBeUndefined()
})

test('what may not be written says why', () => {
  expect(refusal({ ...emptyFileSystem, readOnly: true }, '/x')).toBe('Read-only file system')
  expect(refusal(system, '/no/x')).toBe('nonexistent directory')
  expect(refusal(system, '/tmp/x')).toBeUndefined()
})
