import { JSDOM } from 'jsdom'
import { beforeAll, describe, expect, test } from 'vitest'
import { setup } from 'xstate'
import { catalogue } from '../../../../../machines/catalogue.ts'
import { chartOf } from '../../../../../runtime/inspect/draw/chart.ts'
import { mermaid } from '../../../../../runtime/inspect/draw/mermaid.ts'
import { sequence, sequenceDiagram } from '../../../../../runtime/inspect/sequence.ts'
import { Memory } from '../../../../../runtime/inspect/why.ts'
import { leaseWorld } from '../../../../kit/worlds/start.ts'
import { trafficLight } from './traffic-light.ts'

/** Mermaid's own parser; it needs something like a browser around it. */
let parse: (text: string) => Promise<{ readonly diagramType: string }>
beforeAll(async () => {
  const { window } = new JSDOM('<!DOCTYPE html><body></body>')
  Object.assign(globalThis, { window, document: window.document })
  const { default: library } = await import('mermaid')
  parse = async (text) => {
    const parsed = await library.parse(text)
    return parsed as { readonly diagramType: string }
  }
})

describe('a chart in Mermaid', () => {
  test('is read by Mermaid, with words of all kinds in it', async () => {
    expect(await parse(mermaid(chartOf(trafficLight)))).toMatchObject({ diagramType: 'stateDiagram' })
  })

  test('shows nested states and regions inside, first states, ends, and arrows where their ends meet', () => {
    const text = mermaid(chartOf(trafficLight))
    const lines = text.split('\n').map((line) => line.trim())
    expect(lines[0]).toBe('stateDiagram-v2')
    for (const line of [
      '[*] --> s_day',
      'state "day" as s_day {',
      '[*] --> s_day_green',
      's_day_over --> [*]',
      's_day_green --> s_day_yellow : after 30 s (green period)',
      's_day --> s_night : done',
      's_day --> s_night : after 10 min (all red) (from day.red) (to night.lamps.on)',
      's_dark --> s_day : power.back [a car waits] (to day.red)',
      '--',
    ])
      expect(lines).toContain(line)
    expect(text).not.toMatch(/[#<>"]{1}late/)
  })

  test('of regions alone is a state that holds them', async () => {
    const twins = setup({}).createMachine({
      id: 'twins',
      type: 'parallel',
      states: {
        one: { initial: 'up', states: { up: { on: { fall: 'down' } }, down: {} } },
        other: { initial: 'up', states: { up: {} } },
      },
    })
    const text = mermaid(chartOf(twins))
    expect(text).toContain('state "twins" as machine {')
    expect(await parse(text)).toMatchObject({ diagramType: 'stateDiagram' })
  })

  test('is read by Mermaid for every machine there is', async () => {
    for (const { machine } of catalogue) await expect(parse(mermaid(chartOf(machine)))).resolves.toBeTruthy()
  })

  test('is refused by Mermaid when it is broken: the parser does look', async () => {
    await expect(parse('stateDiagram-v2\n  state "a as b {{')).rejects.toThrow()
  })
})

test('a sequence in Mermaid is read by Mermaid', async () => {
  const world = leaseWorld()
  const memory = new Memory()
  world.observe(memory.sink)
  world.run(30_000)
  const said = sequence(memory.all)
  const strange = { at: 1, from: 'a/b; c#1', to: 'end/x', words: 'end: {all} <of> it; loop' }
  expect(await parse(sequenceDiagram([...said, strange]))).toMatchObject({ diagramType: 'sequence' })
})
