import { describe, expect, test } from 'vitest'
import { serviceEndpoints } from '../../../../../machines/controllers/endpoints/service-endpoints.ts'
import { wanted } from '../../../../../machines/controllers/endpoints/wanted.ts'
import type { ApiAnswered } from '../../../../../machines/protocol/api.ts'
import type { ApiObject, Endpoints } from '../../../../../machines/protocol/objects.ts'
import { born, expectWhole } from '../../../../kit/chart.ts'
import { lost, ok, refused } from '../kit/replies.ts'
import { objectInput, pod, service, sync, viewOf } from '../objects.ts'

const web = service('web')
const view = (pods: readonly ApiObject[], endpoints: readonly ApiObject[] = [], services = [web]) =>
  viewOf({ services, pods, endpoints })
const stored = (resourceVersion: string): Endpoints => {
  const made = wanted(web, [pod('a')], undefined, undefined) as Endpoints
  return { ...made, metadata: { ...made.metadata, uid: 'uid-web', resourceVersion } }
}
const start = () => born(serviceEndpoints, objectInput('default/web'))
const outcome = (outcomes: string) => [{ event: { type: 'sync.finished', outcome: outcomes } }]
const terminating: ApiAnswered = {
  type: 'api.answered',
  code: 403,
  status: {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    code: 403,
    reason: 'Forbidden',
    message: 'no',
    details: { causes: [{ reason: 'NamespaceTerminating', message: '' }] },
  },
}

describe('the Endpoints of a Service', () => {
  test('are created, or it is told why not', () => {
    const creating = start().on(sync(view([pod('a')])))
    expect(creating.did('call')[0]?.event).toMatchObject({ verb: 'create', name: 'web' })
    expect(creating.on(ok(stored('5'))).did('send')).toMatchObject(outcome('done'))
    expect(creating.on(terminating).did('send')).toMatchObject(outcome('done'))
    expect(creating.on(refused(403, 'Forbidden', 'no')).did('send')).toMatchObject([
      { event: { reason: 'FailedToCreateEndpoint', message: 'Failed to create endpoint for service default/web: no' } },
      ...outcome('failed'),
    ])
    expect(creating.on(lost()).did('send')).toMatchObject(outcome('failed'))
    expect(creating.after('request timeout').did('hangUp')).toHaveLength(1)
  })

  test('are updated, and not by a cache that does not show the update', () => {
    const updating = start().on(sync(view([], [stored('5')])))
    expect(updating.did('call')[0]?.event).toMatchObject({
      verb: 'update',
      body: { metadata: { resourceVersion: '5' } },
    })
    const over = updating.on(ok(stored('6')))
    expect(over.did('send')).toMatchObject(outcome('done'))
    expect(over.on(sync(view([], [stored('5')]))).did('send')).toMatchObject(outcome('failed'))
    expect(over.on(sync(view([pod('a')], [stored('6')]))).did('send')).toMatchObject(outcome('done'))
    const unmoved = updating.on(ok(stored('5')))
    expect(unmoved.on(sync(view([], [stored('5')]))).state).toBe('updating')
    expect(updating.on(refused(409, 'Conflict', 'stale')).did('send')).toMatchObject([
      { event: { reason: 'FailedToUpdateEndpoint', message: 'Failed to update endpoint default/web: stale' } },
      ...outcome('failed'),
    ])
    expect(updating.on(lost()).did('send')).toMatchObject(outcome('failed'))
    expect(updating.after('request timeout').did('hangUp')).toHaveLength(1)
  })

  test('are left to others when it selects nothing, and deleted with it', () => {
    expect(
      start()
        .on(sync(view([], [], [service('web', { type: 'ExternalName' })])))
        .did('send'),
    ).toMatchObject(outcome('done'))
    const deleting = start().on(sync(view([], [], [])))
    expect(deleting.did('call')[0]?.event).toMatchObject({ verb: 'delete' })
    const gone = deleting.on(refused(404, 'NotFound'))
    expect([gone.done, gone.did('send')]).toMatchObject([true, outcome('gone')])
    expect(deleting.on(refused(500, 'InternalError')).did('send')).toMatchObject(outcome('failed'))
    expect(deleting.on(lost()).did('send')).toMatchObject(outcome('failed'))
    expect(deleting.after('request timeout').did('hangUp')).toHaveLength(1)
  })
})

expectWhole(serviceEndpoints)
