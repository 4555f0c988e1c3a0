/** The sequences in docs/raft.md are runs of the members, and tell what the page says of them. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { PAGE, raftPage } from '../../../../cli/generate/raft.ts'

test('docs/raft.md is current (npx tsx cli/generate/raft.ts writes it)', () =>
  expect(readFileSync(PAGE, 'utf8')).toBe(raftPage()))

const sequence = (name: string): readonly string[] => {
  const page = raftPage()
  const start = page.indexOf(`<!-- ${name} -->`)
  return page.slice(start, page.indexOf('<!-- end -->', start)).split('\n')
}
const at = (lines: readonly string[], words: RegExp): number => {
  const index = lines.findIndex((line) => words.test(line))
  expect(index, String(words)).toBeGreaterThan(0)
  return index
}

test('a write is sent before the leader has it on disk, and answered after a majority has', () => {
  const lines = sequence('a write')
  const order = [/MsgProp/, /1 entry/, /on disk: entry/, /MsgAppResp/, /no entries/, /etcd\.answered/]
  expect(order.map((words) => at(lines, words))).toEqual(
    order.map((words) => at(lines, words)).toSorted((a, b) => a - b),
  )
})
test('a vote is on disk before it is told', () => {
  for (const name of ['a leader is lost', 'a leader hands over']) {
    const lines = sequence(name)
    expect(at(lines, /on disk: term 3, vote for/)).toBeLessThan(at(lines, /MsgVote term 3/))
    expect(at(lines, /MsgVote term 3/)).toBeLessThan(at(lines, /MsgVoteResp/))
  }
  expect(at(sequence('a leader is lost'), /election timeout/)).toBeLessThan(
    at(sequence('a leader is lost'), /MsgPreVote /),
  )
  expect(sequence('a leader hands over').join()).not.toContain('MsgPreVote')
})
