import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BadToken, recordingIn, tokenOf } from '../../../cli/token.ts'
import type { Recording } from '../../../runtime/record.ts'

const RECORDING: Recording = {
  version: 1,
  seed: 7,
  setting: { nodes: 2 },
  operations: [{ after: 3, steps: 4, at: 5.5, operation: { op: 'crash', process: 'kubelet/node-1' } }],
  end: { count: 10, steps: 12, at: 99.25 },
}

test('a recording is one word, and comes back from it', () => {
  const token = tokenOf(RECORDING)
  expect(token).toMatch(/^orrery1\.[\w-]+$/)
  expect(recordingIn(token)).toEqual(RECORDING)
})

test('whatever its setting is', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (setting) => {
      expect(recordingIn(tokenOf({ ...RECORDING, setting })).setting).toEqual(JSON.parse(JSON.stringify(setting)))
    }),
    { numRuns: 100 },
  )
})

test('a text that is no token, or was cut off, is told as such', () => {
  expect(() => recordingIn('orrery replay')).toThrow(new BadToken('no token: it begins with "orrery1."'))
  const token = tokenOf(RECORDING)
  expect(() => recordingIn(token.slice(0, -20))).toThrow('the token is not whole: copy it to its end')
})
