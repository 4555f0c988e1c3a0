import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { machinesCommand } from '../../../cli/machines.ts'
import { catalogue } from '../../../machines/catalogue.ts'
import { ran } from './command.ts'

test('every machine is one line', async () => {
  const { out, code } = await ran(machinesCommand())
  expect(code).toBe(0)
  expect(out.trimEnd().split('\n')).toHaveLength(catalogue.length)
  expect(out).toMatch(/^pod-worker +kubelet +\d+ states +\d+ transitions/m)
})

test('as JSON it has five fields, of which each is true', async () => {
  const rows = JSON.parse((await ran(machinesCommand(), '--json')).out) as Record<string, unknown>[]
  expect(rows.map(({ id }) => id)).toEqual(catalogue.map(({ machine }) => machine.id))
  for (const row of rows) {
    expect(Object.keys(row)).toEqual(['id', 'component', 'states', 'transitions', 'source'])
    expect(row['states']).toBeGreaterThan(1)
    expect(row['transitions']).toBeGreaterThan(0)
    expect(existsSync(row['source'] as string), String(row['source'])).toBe(true)
  }
})
