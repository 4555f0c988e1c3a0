/** The comparison judged: what is recorded otherwise than it happened must be seen. */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { linesOf, OWN_COPY } from '../folder.ts'
import { judged, type Line } from './cni.ts'

const lines = linesOf<Line>(join(OWN_COPY, 'node/cni/bridge-host-local.jsonl')) ?? []
const wrong = (all: readonly Line[]): readonly string[] =>
  judged(all).flatMap(({ name, differences }) => (differences.length > 0 ? [name] : []))
const changed = (i: number, to: Partial<Line>): readonly Line[] =>
  lines.map((line, k) => (k === i ? { ...line, ...to } : line))
const indexes = (which: (line: Line) => boolean): readonly number[] =>
  lines.flatMap((line, i) => (which(line) ? [i] : []))

describe('calls of CNI plugins', () => {
  test('nothing differs as it was recorded', () => {
    expect(wrong(lines)).toEqual([])
  })
  test('a wrong reason is seen', () => {
    for (const i of indexes(({ output }) => output?.msg !== undefined))
      expect(wrong(changed(i, { output: { code: 999, msg: 'otherwise' } }))).not.toEqual([])
  })
  test('a wrong result is seen', () => {
    for (const i of indexes(({ rc }) => rc === 0)) expect(wrong(changed(i, { rc: 1 }))).not.toEqual([])
    for (const i of indexes(({ interfaces }) => interfaces !== undefined))
      expect(wrong(changed(i, { interfaces: [] }))).not.toEqual([])
  })
  test('another address than the next one is seen', () => {
    const additions = indexes(({ case: name, ips }) => ips?.length === 1 && /add|wraps|next/.test(name))
    expect(additions.length).toBeGreaterThan(5)
    for (const i of additions) {
      const { store = {}, ips = [] } = lines[i] as Line
      const [ip] = ips.map(({ address }) => address.split('/')[0] ?? '')
      const other = Object.fromEntries(
        Object.entries(store).map(([file, text]) => [file === ip ? '10.99.0.7' : file, text]),
      )
      expect(wrong(changed(i, { store: other }))).not.toEqual([])
    }
  })
  test('a missing write is seen', () => {
    for (const i of indexes(({ command, rc }) => command === 'ADD' && rc === 0)) {
      const { store, container } = lines[i] as Line
      const kept = Object.entries(store).filter(([, text]) => !text.startsWith(`${container}\n`))
      expect(wrong(changed(i, { store: Object.fromEntries(kept) }))).not.toEqual([])
    }
  })
  test('an address that a deletion left is seen', () => {
    for (const i of indexes(({ case: name }) => name === 'delete middle' || name === 'delete')) {
      const { store, container } = lines[i] as Line
      expect(wrong(changed(i, { store: { ...store, '10.99.0.6': `${container}\neth0` } }))).not.toEqual([])
    }
  })
  test('a swapped order is seen', () => {
    for (const i of [0, 1, 4, 5])
      expect(
        wrong(lines.map((line, k) => (k === i ? lines[i + 1] : k === i + 1 ? lines[i] : line) as Line)),
      ).not.toEqual([])
  })
})
