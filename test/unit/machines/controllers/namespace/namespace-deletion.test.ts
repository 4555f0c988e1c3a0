import { describe, expect, test } from 'vitest'
import { namespaceDeletion } from '../../../../../machines/controllers/namespace/namespace-deletion.ts'
import type { ApiObject } from '../../../../../machines/protocol/objects.ts'
import { born, expectWhole } from '../../../../kit/chart.ts'
import { listed, lost, ok, refused } from '../kit/replies.ts'
import { AT, object, objectInput, pod, sync, viewOf } from '../objects.ts'

const machine = namespaceDeletion(['pods', 'configmaps'])
const namespace = (phase: string, finalizers: readonly string[] = ['kubernetes'], deletion = true, conditions = {}) =>
  object('v1', 'Namespace', 'team', {
    metadata: deletion ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {},
    spec: { finalizers },
    status: { phase, ...conditions },
  })
const ending = namespace('Terminating')
const told = { at: AT + 5_000 }
const reading = () => born(machine, objectInput('team'), 'x/h', told).on(sync(viewOf({ namespaces: [ending] })), told)
const outcome = (outcomes: string) => [{ event: { type: 'sync.finished', outcome: outcomes } }]
const none = listed([], '5')
const held: ApiObject = object('v1', 'ConfigMap', 'c', { metadata: { namespace: 'team', finalizers: ['x'] } })
/** All asked for after the pods were listed: both resources deleted, and listed again. */
const emptied = (pods: readonly ApiObject[] = [], maps: readonly ApiObject[] = []) =>
  reading().on(ok(ending), told).on(listed(pods, '5')).on(ok()).on(listed(pods, '5')).on(ok()).on(listed(maps, '5'))

describe('a namespace that is being deleted', () => {
  test('is emptied, says so, and is let go', () => {
    const estimating = reading().on(ok(ending))
    expect(estimating.state).toBe('working.emptying.estimating')
    const deleting = estimating.on(none)
    expect(deleting.did('call')[0]?.event).toMatchObject({
      verb: 'deletecollection',
      resource: 'pods',
      namespace: 'team',
      options: { propagationPolicy: 'Background' },
    })
    const reporting = emptied()
    expect(reporting.did('call')[0]?.event).toMatchObject({ verb: 'update', subresource: 'status' })
    const finalizing = reporting.on(ok(ending))
    expect(finalizing.did('call')[0]?.event).toMatchObject({
      subresource: 'finalize',
      body: { spec: { finalizers: [] } },
    })
    expect(finalizing.on(ok(ending)).did('send')).toMatchObject(outcome('done'))
    expect(finalizing.on(refused(404, 'NotFound')).did('send')).toMatchObject(outcome('done'))
    expect(finalizing.on(refused(409, 'Conflict')).did('send')).toMatchObject(outcome('failed'))
    expect(reporting.on(refused(409, 'Conflict')).did('send')).toMatchObject(outcome('failed'))
  })

  test('with pods that stop slowly is looked at again after half of it', () => {
    const slow = pod('a', { spec: { terminationGracePeriodSeconds: 30 } })
    const over = emptied([slow]).on(ok(ending))
    expect(over.did('send')).toMatchObject([{ event: { outcome: 'done', againAfterMs: 16_000 } }])
  })

  test('with held content is looked at again in 8 s, and is not written twice for the same', () => {
    const reporting = emptied([], [held])
    const body = (reporting.did('call')[0]?.event as { body?: { status?: { conditions?: unknown } } }).body
    const shown = namespace('Terminating', ['kubernetes'], true, { conditions: body?.status?.conditions })
    const again = reading()
      .on(ok(shown), told)
      .on(none)
      .on(ok())
      .on(none)
      .on(ok())
      .on(listed([held], '5'))
    expect(again.did('call')).toEqual([])
    expect(again.did('send')).toMatchObject([{ event: { againAfterMs: 8_000 } }])
  })

  test('goes on after what fails, and fails in the end', () => {
    const refusedAll = reading()
      .on(ok(ending))
      .on(refused(500, 'InternalError', 'one'))
      .on(refused(500, 'InternalError', 'two'))
    expect(refusedAll.did('call')[0]?.event).toMatchObject({
      body: {
        status: { conditions: expect.arrayContaining([expect.objectContaining({ reason: 'ContentDeletionFailed' })]) },
      },
    })
    expect(refusedAll.on(ok(ending)).did('send')).toMatchObject(outcome('failed'))
    const unlisted = reading()
      .on(ok(ending))
      .on(none)
      .on(refused(405, 'MethodNotAllowed'))
      .on(ok())
      .on(refused(500, 'x'))
    expect(unlisted.state).toBe('working.reporting')
  })

  test('is marked as Terminating first, when it is not', () => {
    const marking = reading().on(ok(namespace('Active')))
    expect(marking.did('call')[0]?.event).toMatchObject({ body: { status: { phase: 'Terminating' } } })
    expect(marking.on(ok(ending)).state).toBe('working.emptying.estimating')
    expect(marking.on(refused(409, 'Conflict')).did('send')).toMatchObject(outcome('failed'))
  })
})

describe('a namespace is left alone', () => {
  test.each([
    ['when it is not being deleted after all', ok(namespace('Active', ['kubernetes'], false)), 'done'],
    ['when it has been finalized', ok(namespace('Terminating', [])), 'done'],
    ['when it is gone', refused(404, 'NotFound'), 'done'],
    ['when it cannot be read', refused(500, 'InternalError'), 'failed'],
  ])('%s', (_, reply, expected) => {
    const over = reading().on(reply)
    expect([over.state, over.did('send')]).toMatchObject(['idle', outcome(expected)])
  })

  test('when the connection breaks or nobody answers', () => {
    expect(reading().on(lost()).did('send')).toMatchObject(outcome('failed'))
    const late = reading().after('request timeout')
    expect([late.did('hangUp').length, late.did('send')]).toMatchObject([1, outcome('failed')])
  })

  test('and forgotten once the cache does not know it', () => {
    const gone = born(machine, objectInput('team')).on(sync(viewOf({ namespaces: [] })))
    expect([gone.done, gone.did('send')]).toMatchObject([true, outcome('gone')])
  })
})

expectWhole(machine)
