import { expect, test } from 'vitest'
import { nodeTtl, ttlController } from '../../../../../machines/controllers/ttl/index.ts'
import { TTL } from '../../../../../machines/controllers/ttl/wanted.ts'
import { born } from '../../../../kit/chart.ts'
import { node, objectInput, sync, viewOf } from '../objects.ts'

const right = node('a', 'True', { metadata: { annotations: { [TTL]: '0' } } })
const start = () => born(nodeTtl, objectInput('a'))

test('the annotation is patched, and then nothing is wanted', () => {
  const writing = start().on(sync(viewOf({ nodes: [node('a')] })))
  expect(writing.did('call')[0]?.event).toMatchObject({
    verb: 'patch',
    name: 'a',
    body: { metadata: { annotations: { [TTL]: '0' } } },
  })
  expect(
    start()
      .on(sync(viewOf({ nodes: [right] })))
      .did('call'),
  ).toEqual([])
  expect(start().on(sync(viewOf({ nodes: [] }))).done).toBe(true)
})

test('only a node that is wrong, or gone, concerns it', () => {
  const { concerns } = ttlController
  const view = viewOf({ nodes: [node('a')] })
  expect(concerns('nodes', { key: 'a', was: undefined, now: node('a') }, view)).toEqual(['a'])
  expect(concerns('nodes', { key: 'a', was: undefined, now: right }, view)).toEqual([])
  expect(concerns('nodes', { key: 'a', was: right, now: undefined }, view)).toEqual(['a'])
})
