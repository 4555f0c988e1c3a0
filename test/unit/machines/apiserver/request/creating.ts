/** A creation: of anything, in a namespace with quotas, of an Event. */
import { describe, expect, test } from 'vitest'
import type { ApiRequest } from '../../../../../machines/protocol/api.ts'
import {
  ACCOUNT,
  answerOf,
  begun,
  cacheWith,
  changing,
  creating,
  creatingPod,
  failed,
  full,
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
  describe('a creation', () => {
    test('is proposed for a key that must not exist', () => {
      const chart = begun(creating)
      expect(proposalOf(chart)).toMatchObject({ compare: [{ key: '/registry/configmaps/default/b', than: 0 }] })
      expect(answerOf(chart.on(took))).toMatchObject({
        code: 201,
        object: { metadata: { name: 'b', resourceVersion: '21' } },
      })
      expect(messageOf(chart.on(failed(SETTINGS)))).toBe('configmaps "b" already exists')
      const going = stored('k', { ...settings, metadata: { ...settings.metadata, deletionTimestamp: 'now' } }, 9)
      expect(messageOf(chart.on(failed(going)))).toBe('object is being deleted: configmaps "b" already exists')
    })
    test('with a generated name draws eight names', () => {
      let chart = begun({ ...creating, name: '', body: { metadata: { generateName: 'g-' } } })
      const names = new Set<string>()
      for (let i = 0; i < 8; i++) {
        names.add(JSON.stringify(proposalOf(chart).compare))
        chart = chart.on(failed(SETTINGS))
      }
      expect(names.size).toBe(8)
      expect(messageOf(chart)).toMatch(
        /^configmaps "g-\w{5}" already exists, the server was not able to generate a unique name/,
      )
    })
    test('as a dry run only looks whether the name is taken', () => {
      const chart = begun({ ...creating, options: { dryRun: true } })
      expect(chart.state).toBe('handling.checkingAbsence')
      expect(answerOf(chart.on(range())).code).toBe(201)
      expect(answerOf(chart.on(range(SETTINGS))).code).toBe(409)
    })
    test('of nonsense is refused at once', () => {
      expect(answerOf(begun({ ...creating, body: 'nonsense' })).code).toBe(400)
    })
    test('in a namespace that the cache does not know asks etcd once', () => {
      const chart = begun(creating, cacheWith())
      expect([chart.state, proposalOf(chart).key]).toEqual(['handling.lookingUp', '/registry/namespaces/default'])
      expect(chart.on(range(NAMESPACE)).state).toBe('handling.storing')
      expect(messageOf(chart.on(range()))).toBe('namespaces "default" not found')
    })
    test('of a pod waits a little for the ServiceAccount default', () => {
      let chart = begun(creatingPod, cacheWith(NAMESPACE))
      for (let i = 0; i < 9; i++) {
        chart = chart.on(range())
        expect(chart.state).toBe('handling.pausing')
        chart = chart.after('look-up interval')
      }
      expect(chart.on(range(ACCOUNT)).state).toBe('handling.storing')
      expect(messageOf(chart.on(range()))).toBe(
        'pods "p" is forbidden: error looking up service account default/default: serviceaccount "default" not found',
      )
    })
    test('of a pod does not wait for any other', () => {
      const body = {
        metadata: { name: 'p' },
        spec: { serviceAccountName: 'bot', containers: [{ name: 'c', image: 'i' }] },
      }
      expect(messageOf(begun({ ...creatingPod, body }, cacheWith(NAMESPACE)).on(range()))).toMatch(
        /^pods "p" is forbidden: error looking up service account default\/bot:/,
      )
    })
  })

  describe('a creation in a namespace with quotas', () => {
    const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'q', namespace: 'default' } }
    const held = cacheWith(NAMESPACE, ACCOUNT, SETTINGS, stored('/registry/resourcequotas/default/q', quota, 5))
    const refusal = {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      code: 403,
      reason: 'Forbidden',
      message: 'no',
    }
    test('claims what it uses before it is stored', () => {
      const chart = begun(creating, held)
      expect(chart.did('call')).toMatchObject([
        { to: 'quota-evaluator/cp-1/default', event: { resource: 'configmaps', object: { metadata: { name: 'b' } } } },
      ])
      expect(chart.on({ type: 'quota.judged' }).state).toBe('handling.storing')
    })
    test('is forbidden what exceeds them', () => {
      expect(answerOf(begun(creating, held).on({ type: 'quota.judged', refusal } as { type: string })).code).toBe(403)
    })
    test('that nobody judges fails', () => {
      expect(messageOf(begun(creating, held).after('quota timeout'))).toBe('resource quota evaluation timed out')
      const lost = { type: 'call.lost', line: 'quota', reason: 'reset' }
      expect(answerOf(begun(creating, held).on(lost)).code).toBe(500)
    })
    test('no other request claims anything', () => {
      expect(begun(changing, held).state).toBe('handling.storing')
    })
  })

  describe('an Event', () => {
    const happened = { metadata: { name: 'e' }, involvedObject: { kind: 'Pod', name: 'p', namespace: 'default' } }
    const event: ApiRequest = { ...creating, resource: 'events', name: 'e', body: happened }
    test('is stored under a lease of an hour, which others may share', () => {
      const chart = begun(event)
      expect(chart.did('call')[0]?.event).toMatchObject({ type: 'etcd.LeaseGrant', ttlSeconds: 3660 })
      const storing = chart.on({ type: 'etcd.answered', revision: 20, reply: { id: 77, ttlSeconds: 3660 } })
      expect(storing.did('send')[0]).toMatchObject({
        to: 'kube-apiserver/cp-1',
        event: { type: 'lease.granted', id: 77 },
      })
      expect(proposalOf(storing)).toMatchObject({ success: [{ type: 'etcd.Put', lease: 77 }] })
    })
    test('takes the lease that the server has', () => {
      expect(proposalOf(begun(event, full, ['etcd/cp-1'], 78))).toMatchObject({ success: [{ lease: 78 }] })
    })
  })
}
