import { expect, test } from 'vitest'
import * as effects from '../../../runtime/effects.ts'

test('a word for each effect makes plain data', () => {
  const event = { type: 'hello' }
  const made = [
    effects.send('a/b', event),
    effects.call('a/b', event),
    effects.answer('a/b', 3, event),
    effects.hangUp(),
    effects.stream('a/b', event, 'w'),
    effects.push(4, event),
    effects.end(4),
    effects.reset('a/b', 5),
    effects.spawn('a/b', 'm', 1),
    effects.spawnProcess('a/b', 'm', 1),
    effects.stop('a/b'),
    effects.monitor('a/b'),
    effects.wake('k', 5, event),
    effects.cancel('k'),
    effects.write('k', 1),
    effects.sync(),
    effects.choose('k', ['x']),
    effects.busy(7),
  ]
  expect(made.map((effect) => JSON.stringify(effect))).toEqual([
    '{"do":"send","to":"a/b","event":{"type":"hello"}}',
    '{"do":"call","to":"a/b","event":{"type":"hello"},"line":""}',
    '{"do":"answer","to":"a/b","call":3,"event":{"type":"hello"}}',
    '{"do":"hangUp"}',
    '{"do":"stream","to":"a/b","event":{"type":"hello"},"line":"w"}',
    '{"do":"push","stream":4,"event":{"type":"hello"}}',
    '{"do":"end","stream":4}',
    '{"do":"reset","to":"a/b","call":5}',
    '{"do":"spawn","address":"a/b","machine":"m","input":1,"process":false}',
    '{"do":"spawn","address":"a/b","machine":"m","input":1,"process":true}',
    '{"do":"stop","address":"a/b"}',
    '{"do":"monitor","address":"a/b"}',
    '{"do":"wake","key":"k","afterMs":5,"event":{"type":"hello"}}',
    '{"do":"cancel","key":"k"}',
    '{"do":"write","key":"k","value":1}',
    '{"do":"sync","key":""}',
    '{"do":"choose","key":"k","options":["x"]}',
    '{"do":"busy","ms":7}',
  ])
})
