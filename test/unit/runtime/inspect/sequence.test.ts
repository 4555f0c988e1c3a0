import { describe, expect, test } from 'vitest'
import { hostOf } from '../../../../runtime/contract.ts'
import { sequence, sequenceDiagram } from '../../../../runtime/inspect/sequence.ts'
import { Memory } from '../../../../runtime/inspect/why.ts'
import { requestWorld } from '../../../kit/worlds/start.ts'

function records() {
  const world = requestWorld()
  const memory = new Memory()
  world.observe(memory.sink)
  world.operate({ op: 'cut', from: 'a', to: 'b' })
  world.run(1_500)
  world.operate({ op: 'heal', from: 'a', to: 'b' })
  world.operate({ op: 'powerOff', host: 'a' })
  world.operate({ op: 'powerOn', host: 'a' })
  world.run(10_000)
  return memory.all
}

describe('a sequence', () => {
  test('is who said what to whom, as it was heard, without timers and births', () => {
    expect(sequence(records()).map(({ from, to, words }) => `${from} → ${to}: ${words}`)).toEqual([
      'asker/a → server/b: asked',
      'asker/a → server/b: asked',
      'asker/a → server/b: asked',
      'server/b → asker/a: answered',
    ])
  })

  test('may be told by host, in other words, and not to its end', () => {
    const words = ({ event }: { event: { type: string } }) => (event.type === 'asked' ? 'may I?' : undefined)
    expect(sequence(records(), { lane: hostOf, words, limit: 2 })).toMatchObject([
      { from: 'a', to: 'b', words: 'may I?' },
      { from: 'a', to: 'b', words: 'may I?' },
    ])
    expect(sequence(records(), { lane: (address) => (address === 'asker/a' ? undefined : address) })).toEqual([])
    expect(sequence(records(), { lane: () => 'all' })).toEqual([])
  })
})

test('a diagram names its lanes in the order in which they speak, and each arrow with its second', () => {
  const said = [
    { at: 0, from: 'asker/a', to: 'server/b', words: 'asked; twice' },
    { at: 1_234, from: 'server/b', to: 'asker/a', words: 'answered' },
  ]
  expect(sequenceDiagram(said)).toBe(
    [
      'sequenceDiagram',
      '  participant p0 as asker/a',
      '  participant p1 as server/b',
      '  p0->>p1: 0.000s asked  twice',
      '  p1->>p0: 1.234s answered',
      '',
    ].join('\n'),
  )
})
