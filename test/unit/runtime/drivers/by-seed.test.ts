import { describe, expect, test } from 'vitest'
import { choose, send, spawn, wake } from '../../../../runtime/contract.ts'
import { bySeed } from '../../../../runtime/drivers/by-seed.ts'
import { Stage } from '../../../kit/worlds/puppets.ts'
import { leaseWorld } from '../../../kit/worlds/start.ts'

const HELLO = { type: 'hello' }
const WORDS = ['hello', 'news', 'tick'] as const
const seeds = Array.from({ length: 40 }, (_, seed) => seed)
const lived = (play: Stage, seed: number): Stage => {
  const next = bySeed(seed)
  while (next(play.world));
  return play
}

describe('among what is due at the same moment', () => {
  test('the seed decides who comes first', () => {
    const firsts = seeds.map((seed) => {
      const play = new Stage(['one/a', 'two/a', 'three/a', 'far/b'])
      for (const from of ['one/a', 'two/a', 'three/a']) play.tell(from, send('far/b', HELLO))
      play.tell('far/b', wake('x', 1, HELLO))
      return lived(play, seed).all('far/b')[0]?.from
    })
    expect(new Set(firsts)).toEqual(new Set(['one/a', 'two/a', 'three/a', 'far/b']))
  })

  test('each connection keeps its order, and so does a process within', () => {
    for (const seed of seeds) {
      const play = new Stage(['one/a', 'two/a', 'far/b']).tell('one/a', spawn('part/a', 'puppet', {}))
      play.tell('one/a', ...WORDS.flatMap((type) => [send('far/b', { type }), send('part/a', { type })]))
      play.tell('two/a', send('far/b', { type: 'tock' }))
      lived(play, seed)
      expect(play.heard('far/b').filter((type) => type !== 'tock')).toEqual(WORDS)
      expect(play.heard('part/a')).toEqual(WORDS)
    }
  })

  test('one seed goes one way, also from a fork', () => {
    const [world, other] = [leaseWorld(), leaseWorld()]
    const next = bySeed(3)
    for (let i = 0; i < 20; i++) next(world)
    const fork = world.fork()
    for (let i = 0; i < 20; i++) next(world)
    for (let i = 0; i < 20; i++) next(fork)
    for (let i = 0; i < 40; i++) bySeed(3)(other)
    expect(fork.counts).toEqual(world.counts)
    expect([fork.now, other.now]).toEqual([world.now, world.now])
  })

  test('a choice is made before anything else', () => {
    const play = new Stage(['one/a', 'far/b']).tell('one/a', wake('x', 0, HELLO), choose('bread', ['rye']))
    expect(lived(play, 1).heard('one/a')).toEqual(['chosen', 'hello'])
  })
})

test('when nothing is left, nothing happens', () => {
  expect(bySeed(1)(new Stage(['one/a']).world)).toBe(false)
})
