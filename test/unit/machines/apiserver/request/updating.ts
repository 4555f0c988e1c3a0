/** An update. */
import { describe, expect, test } from 'vitest'
import {
  a,
  answerOf,
  begun,
  cacheWith,
  changing,
  failed,
  messageOf,
  NAMESPACE,
  proposalOf,
  range,
  SETTINGS,
  settings,
  stored,
  took,
} from './start.ts'

export default (): void => {
  describe('an update', () => {
    test('of what the cache has is proposed at once, and answered with the new revision', () => {
      const chart = begun(changing)
      expect(chart.state).toBe('handling.storing')
      expect(proposalOf(chart)).toMatchObject({
        compare: [{ key: '/registry/configmaps/default/a', target: 'mod', than: 4 }],
      })
      const done = chart.on(took)
      expect(answerOf(done)).toMatchObject({
        code: 200,
        object: { metadata: { resourceVersion: '21' }, data: { k: 'w' } },
      })
    })
    test('of what the cache does not have is read from etcd first', () => {
      const chart = begun(changing, cacheWith(NAMESPACE))
      expect([chart.state, proposalOf(chart).key]).toEqual([
        'handling.readingCurrent',
        '/registry/configmaps/default/a',
      ])
      expect(chart.on(range(SETTINGS)).state).toBe('handling.storing')
      expect(messageOf(chart.on(range()))).toMatch(/UID in precondition: u-1, UID in object meta: $/)
      const anonymous = begun({ ...a, body: { metadata: { name: 'a' } } }, cacheWith(NAMESPACE)).on(range())
      expect(messageOf(anonymous)).toBe('configmaps "a" not found')
    })
    test('that does not fit the cached object is checked against etcd before it is refused', () => {
      const outdated = { ...changing, body: { ...settings, metadata: { ...settings.metadata, resourceVersion: '6' } } }
      const chart = begun(outdated)
      expect(chart.state).toBe('handling.readingCurrent')
      expect(messageOf(chart.on(range(SETTINGS)))).toMatch(
        /^Operation cannot be fulfilled on configmaps "a": the object has been modified/,
      )
      expect(chart.on(range(stored(SETTINGS.key, { ...settings, data: {} }, 6))).state).toBe('handling.storing')
    })
    test('that lost the race is applied again to what etcd has', () => {
      const again = begun(changing).on(failed(stored(SETTINGS.key, { ...settings, data: { k: 'x' } }, 15)))
      expect(proposalOf(again)).toMatchObject({ compare: [{ than: 15 }] })
    })
    test('that changes nothing is not written, once etcd says the same', () => {
      const chart = begun({ ...a, body: settings })
      expect(chart.state).toBe('handling.readingCurrent')
      expect(answerOf(chart.on(range(SETTINGS)))).toMatchObject({
        code: 200,
        object: { metadata: { resourceVersion: '4' } },
      })
    })
    test('as a dry run writes nothing', () => {
      const chart = begun({ ...changing, options: { dryRun: true } })
      expect([chart.done, answerOf(chart).object]).toMatchObject([
        true,
        { data: { k: 'w' }, metadata: { resourceVersion: '4' } },
      ])
    })
  })
}
