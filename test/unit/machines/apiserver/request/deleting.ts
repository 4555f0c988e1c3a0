/** A deletion. */
import { describe, expect, test } from 'vitest'
import type { ApiRequest } from '../../../../../machines/protocol/api.ts'
import {
  a,
  answerOf,
  begun,
  cacheWith,
  failed,
  messageOf,
  pod,
  proposalOf,
  range,
  SETTINGS,
  settings,
  stored,
  took,
} from './start.ts'

export default (): void => {
  describe('a deletion', () => {
    const deleting: ApiRequest = { ...a, verb: 'delete' }
    test('without grace removes the object and is answered with a Status', () => {
      const chart = begun(deleting)
      expect(chart.state).toBe('handling.removing')
      expect(answerOf(chart.on(took)).status).toMatchObject({
        status: 'Success',
        details: { name: 'a', kind: 'configmaps' },
      })
      expect(chart.on(failed(stored(SETTINGS.key, settings, 15))).state).toBe('handling.removing')
      expect(messageOf(chart.on(failed()))).toBe('configmaps "a" not found')
    })
    test('of a pod that runs nowhere writes it once more, then removes it', () => {
      const key = '/registry/pods/default/p'
      const value = { ...pod, apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'default', uid: 'u-2' } }
      const chart = begun({ ...deleting, resource: 'pods', name: 'p' }, cacheWith(stored(key, value, 8))).on(took)
      expect(proposalOf(chart)).toMatchObject({ compare: [{ key, than: 21 }], success: [{ type: 'etcd.DeleteRange' }] })
      expect(answerOf(chart.on({ ...took, revision: 22 })).object?.metadata).toMatchObject({
        deletionGracePeriodSeconds: 0,
        resourceVersion: '22',
      })
    })
    test('with a precondition is refused only by what etcd has', () => {
      const chart = begun({ ...deleting, options: { preconditions: { uid: 'other' } } })
      expect(messageOf(chart.on(range(SETTINGS)))).toMatch(
        /the UID in the precondition \(other\) does not match the UID in record \(u-1\)/,
      )
    })
  })
}
