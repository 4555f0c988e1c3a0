import { expect, test } from 'vitest'
import { call, choose, monitor, send, spawn, stream, wake, write } from '../../../../runtime/contract.ts'
import { Stage } from '../../../kit/worlds/puppets.ts'

/** A stage on which something is in every table. */
function full(): Stage {
  const play = new Stage(['one/a', 'far/b', 'third/c'])
  play.tell('one/a', spawn('part/a', 'puppet', {}), call('far/b', { type: 'asked' }), monitor('far/b'))
  play.tell('one/a', stream('far/b', { type: 'opened' }, 'w'), write('k', 1), wake('t', 500, { type: 'tick' }))
  play.wait(5)
  play.world.bindOutside('gate/outside', () => undefined)
  play.world.operate({ op: 'stream', to: 'far/b', from: 'gate/outside', event: { type: 'opened' } })
  play.world.operate({ op: 'cut', from: 'a', to: 'c' })
  play.world.operate({ op: 'delay', from: 'a', to: 'b', ms: 5 })
  play.world.operate({ op: 'pause', process: 'third/c' })
  play.tell('one/a', send('third/c', { type: 'hello' })).wait(5)
  return play.tell('one/a', choose('bread', ['rye', 'wheat']))
}
/** Everything in the tables, as text. */
const told = ({ world }: Stage): string =>
  JSON.stringify(world.inside, (key, value) => {
    if (key === 'logics' || key === 'logic' || key === 'configuration') return undefined
    return value instanceof Map ? [...value] : value
  })

test('a fork goes its own way: what happens in it is not seen in the world it came from, nor the other way round', () => {
  const play = full()
  const before = told(play)
  const fork = play.fork()
  expect(told(fork)).toBe(before)
  fork.wait(100_000).tell('one/a', write('k', 2))
  fork.world.operate({ op: 'powerOff', host: 'b' })
  fork.world.operate({ op: 'resume', process: 'third/c' })
  fork.world.bindOutside('other/outside', () => undefined)
  expect(told(play)).toBe(before)
  const other = play.fork()
  play.wait(100_000)
  expect(told(other)).toBe(before)
})

test('two forks that are treated alike end alike', () => {
  const play = full()
  const ends = [play.fork(), play.fork()].map((each) => {
    each.world.operate({ op: 'resume', process: 'third/c' })
    each.world.operate({ op: 'heal', from: 'a', to: 'c' })
    return told(each.wait(60_000))
  })
  expect(ends[0]).toBe(ends[1])
})
