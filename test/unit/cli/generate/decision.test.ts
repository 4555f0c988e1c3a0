import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { decisionPages } from '../../../../cli/generate/decision.ts'

test('docs/one-decision.md and its pictures are current', () => {
  const stale = decisionPages().filter(([name, text]) => !existsSync(name) || readFileSync(name, 'utf8') !== text)
  expect(
    stale.map(([name]) => name),
    'run: npx tsx cli/generate/decision.ts',
  ).toEqual([])
})
