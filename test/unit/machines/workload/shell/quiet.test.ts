import { expect, test } from 'vitest'
import { emptyFileSystem } from '../../../../../machines/workload/files.ts'
import { FRESH, fastForwarded, observed, type Watch } from '../../../../../machines/workload/shell/quiet.ts'
import { begun, nextWake, runUntil } from '../../../../../machines/workload/shell/shell.ts'

/** How long a round of a script takes, once that is known; and after how many wake-ups it was. */
function round(script: string): readonly [number | undefined, number] {
  const first = {
    argv: ['sh', '-c', script],
    variables: {},
    directory: '/',
    hostname: 'h',
    files: emptyFileSystem,
    hasOtherPrograms: false,
    now: 0,
  }
  let [state, yielded] = begun(first)
  let watch: Watch = FRESH
  for (let wakes = 1; wakes <= 40; wakes++) {
    ;[state, yielded] = runUntil(state, nextWake(state) ?? 0)
    const [next, periodMs] = observed(watch, state, yielded.output.length + yielded.changes.length === 0)
    if (periodMs !== undefined) return [periodMs, wakes]
    watch = next
  }
  return [undefined, 40]
}

test('a loop with one pause is found at the second wake-up', () => {
  expect(round('while true; do sleep 1; done')).toEqual([1_000, 2])
})
test('a loop with several pauses is found too', () => {
  expect(round('while true; do sleep 1; sleep 2; [ -e /x ] && exit; done')[0]).toBe(3_000)
})
test('a loop that says something or counts is never left alone', () => {
  expect(round('while true; do echo x; sleep 1; done')[0]).toBeUndefined()
  expect(round('while true; do n=$((n+1)); sleep 1; done')[0]).toBeUndefined()
})
test('going forward keeps the place within the round', () => {
  const [state] = begun({
    argv: ['sleep', '10'],
    variables: {},
    directory: '/',
    hostname: 'h',
    files: emptyFileSystem,
    hasOtherPrograms: false,
    now: 0,
  })
  expect(nextWake(fastForwarded(state, 25_000, 10_000))).toBe(30_000)
  expect(fastForwarded(state, 5_000, 10_000)).toBe(state)
})
