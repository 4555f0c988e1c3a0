import { describe, expect, test } from 'vitest'
import { templateHash, templateText } from '../../../../machines/lib/template-hash.ts'
import { type Json, recorded } from './recordings.ts'

interface Case {
  readonly template: Json
  readonly hash: string
  readonly hashCollision1: string
  readonly dump?: string
}
const cases = recorded<Case>('api/template-hash/cases.jsonl') ?? recordedHere()

/** A copy of these recordings is kept in the repository. */
function recordedHere(): readonly Case[] {
  throw new Error('test/reference/data/api/template-hash/cases.jsonl.gz is missing')
}

describe('pod-template-hash', () => {
  test('every recorded template has the hash that Kubernetes gave it', () => {
    for (const { template, hash } of cases) expect(templateHash(template)).toBe(hash)
  })
  test('a collision count changes it as in Kubernetes', () => {
    for (const { template, hashCollision1 } of cases) expect(templateHash(template, 1)).toBe(hashCollision1)
  })
  test('the text that is hashed is the one that Go prints', () => {
    const dumped = cases.filter(({ dump }) => dump !== undefined)
    expect(dumped.length).toBeGreaterThan(0)
    for (const { template, dump } of dumped) expect(templateText(template)).toBe(dump)
  })
})
