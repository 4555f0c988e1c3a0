/** Who may ask, what admission refuses, and what etcd does not do. */
import { describe, expect, test } from 'vitest'
import { a, answerOf, begun, cacheWith, changing, full, messageOf, NAMESPACE, range, stored } from './start.ts'

export default (): void => {
  describe('who asks', () => {
    test('nobody known is Unauthorized', () => {
      const chart = begun({ ...a, user: { name: '', groups: [] } })
      expect([answerOf(chart).code, chart.done]).toEqual([401, true])
    })
    test('somebody unknown is told what is forbidden', () => {
      const chart = begun({ ...a, user: { name: 'system:anonymous', groups: ['system:unauthenticated'] } })
      expect(messageOf(chart)).toBe(
        'configmaps "a" is forbidden: User "system:anonymous" cannot update resource "configmaps" in API group "" in the namespace "default"',
      )
    })
  })

  describe('an admission plugin that refuses', () => {
    test('because of a cached object has it read first', () => {
      const address = {
        kind: 'Service',
        apiVersion: 'v1',
        metadata: { name: 's', namespace: 'default', uid: 'u-3' },
        spec: { clusterIP: '10.96.9.9', clusterIPs: ['10.96.9.9'], ports: [{ port: 80 }] },
      }
      const other = {
        ...address,
        metadata: { ...address.metadata, name: 't', uid: 'u-4' },
        spec: { ...address.spec, clusterIP: '10.96.9.8', clusterIPs: ['10.96.9.8'] },
      }
      const cache = cacheWith(
        stored('/registry/services/specs/default/s', address, 5),
        stored('/registry/services/specs/default/t', other, 6),
      )
      const stolen = { ...other, spec: address.spec }
      const chart = begun({ ...a, resource: 'services', name: 't', body: stolen }, cache)
      expect(chart.state).toBe('handling.readingCurrent')
      const refused = chart.on(range(stored('/registry/services/specs/default/t', other, 6)))
      expect(messageOf(refused)).toMatch(/provided IP is already allocated/)
    })
  })

  describe('etcd', () => {
    test('that fails is told as it said it', () => {
      const error = { type: 'etcd.failed', code: 14, error: 'etcdserver: request timed out' }
      expect(answerOf(begun(changing).on(error))).toMatchObject({
        code: 500,
        status: { reason: '', message: error.error },
      })
    })
    test('that does not answer ends the request after 34 s', () => {
      expect(messageOf(begun(changing).after('request timeout'))).toMatch(
        /request did not complete within requested timeout/,
      )
    })
    test('that refuses is asked for at the next member; a broken write is not tried again', () => {
      const two = ['etcd/cp-1', 'etcd/cp-2']
      const refused = { type: 'call.lost', line: 'etcd', reason: 'refused' }
      const again = begun(changing, full, two).on(refused)
      expect([again.state, again.did('call')[0]?.to]).toEqual(['handling.storing', 'etcd/cp-2'])
      expect(answerOf(again.on(refused)).code).toBe(500)
      expect(answerOf(begun(changing, full, two).on({ ...refused, reason: 'reset' })).code).toBe(500)
      const reading = begun(changing, cacheWith(NAMESPACE), two).on({ ...refused, reason: 'reset' })
      expect(reading.did('call')[0]?.to).toBe('etcd/cp-2')
    })
  })
}
