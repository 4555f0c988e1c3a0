/** The stories in `test/transcripts`, told again. `UPDATE=1` writes what comes out now: the difference is the review. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { retold } from './kit/transcript.ts'

const FOLDER = new URL('./transcripts/', import.meta.url)
const stories = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'))

describe('the story', () => {
  test.each(stories)('%s comes out as it is written', (name) => {
    const file = new URL(name, FOLDER)
    const text = readFileSync(file, 'utf8')
    const told = retold(text)
    if (process.env.UPDATE === '1') writeFileSync(file, told)
    else expect(told).toBe(text)
  })
})

test('there is a story for every fault', () => {
  const told = stories.map((name) => readFileSync(new URL(name, FOLDER), 'utf8')).join('\n')
  const faults = ['crash', 'stop', 'freeze', 'thaw', 'power off', 'power on', 'cut', 'heal', 'reset', 'delay', 'skew']
  for (const fault of [...faults, 'slow disk', 'fill disk', 'free disk', 'lose disk'])
    expect(told).toMatch(new RegExp(`^${fault} `, 'm'))
})

test('a command that nobody knows is named', () => {
  expect(() => retold('dance a b\n----\n')).toThrow('the transcript knows no "dance a b"')
  expect(() => retold('world atlantis\n----\n')).toThrow('there is no small world "atlantis"')
  expect(() => retold('run fast\n----\n')).toThrow('"fast" is no duration')
})
