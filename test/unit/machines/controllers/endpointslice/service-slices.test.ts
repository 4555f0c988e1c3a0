import { describe, expect, test } from 'vitest'
import { serviceSlices } from '../../../../../machines/controllers/endpointslice/service-slices.ts'
import { newSlice, written } from '../../../../../machines/controllers/endpointslice/slice.ts'
import type { ApiAnswered } from '../../../../../machines/protocol/api.ts'
import type { ApiObject, EndpointSlice, Service } from '../../../../../machines/protocol/objects.ts'
import { born, expectWhole } from '../../../../kit/chart.ts'
import { lost, ok, refused } from '../kit/replies.ts'
import { node, objectInput, pod, service, sync, viewOf } from '../objects.ts'

const SLICES = 'endpointslices.discovery.k8s.io'
const web = service('web')
const stored = (name: string, of: Service = web, generation = 1): EndpointSlice => {
  const slice = newSlice(of, 'IPv4', [{ name: '', port: 8080, protocol: 'TCP' }])
  const metadata = { ...slice.metadata, name, uid: `uid-${name}`, generation, resourceVersion: '12' }
  return written({ ...slice, metadata }) as EndpointSlice
}
const view = (slices: readonly ApiObject[] = [], pods: readonly ApiObject[] = [pod('a')], services = [web]) =>
  viewOf({ services, pods, nodes: [node('node-1')], [SLICES]: slices })
const start = () => born(serviceSlices, objectInput('default/web'))
const outcome = (outcomes: string) => [{ event: { type: 'sync.finished', outcome: outcomes } }]
const terminating: ApiAnswered = {
  ...refused(403, 'Forbidden'),
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

describe('the slices of a Service', () => {
  test('are created with the time of what triggered it', () => {
    const creating = start().on(sync(view()))
    expect(creating.state).toBe('writing.creating')
    expect(creating.did('call')[0]?.event).toMatchObject({
      verb: 'create',
      namespace: 'default',
      body: {
        metadata: { annotations: { 'endpoints.kubernetes.io/last-change-trigger-time': '2026-01-01T00:00:00Z' } },
        endpoints: [{ addresses: ['10.244.0.2'] }],
      },
    })
    const over = creating.on(ok(stored('web-1')))
    expect([over.state, over.did('send')]).toMatchObject(['idle', outcome('done')])
    const behind = over.on(sync(view()))
    expect(behind.did('send')).toMatchObject(outcome('failed'))
    expect(behind.on(sync(view([stored('web-1')], []))).state).toBe('writing.updating')
  })

  test('are updated, then deleted', () => {
    const foreign = stored('web-0', service('web', {}, { uid: 'old' }))
    const updating = start().on(sync(view([stored('web-1'), foreign])))
    expect(updating.did('call')[0]?.event).toMatchObject({ verb: 'update', name: 'web-1' })
    const deleting = updating.on(ok(stored('web-1', web, 2)))
    expect(deleting.did('call')[0]?.event).toMatchObject({ verb: 'delete', name: 'web-0' })
    expect(deleting.on(refused(404, 'NotFound')).did('send')).toMatchObject(outcome('done'))
    expect(deleting.on(refused(500, 'InternalError', 'broken')).did('send')).toMatchObject([
      {
        event: {
          reason: 'FailedToUpdateEndpointSlices',
          message:
            'Error updating Endpoint Slices for Service default/web: failed to delete web-0 EndpointSlice for Service default/web: broken',
        },
      },
      ...outcome('failed'),
    ])
    expect(updating.on(refused(409, 'Conflict', 'stale')).did('send')).toMatchObject([
      { event: { kind: 'Warning' } },
      ...outcome('failed'),
    ])
  })

  test('are left alone when nothing is to be done, when it selects nothing, and when it is gone', () => {
    expect(
      start()
        .on(sync(view([], [], [service('web', { selector: undefined })])))
        .did('send'),
    ).toMatchObject(outcome('done'))
    const gone = start().on(sync(view([], [], [])))
    expect([gone.done, gone.did('send')]).toMatchObject([true, outcome('gone')])
  })

  test('fail with a pod on an unknown node, after all is written', () => {
    const creating = start().on(sync(view([], [pod('a', { spec: { nodeName: 'lost' } })])))
    expect(creating.on(ok(stored('web-1'))).did('send')).toMatchObject([
      { event: { reason: 'FailedToUpdateEndpointSlices' } },
      ...outcome('failed'),
    ])
  })

  test('are not created in a namespace that is being deleted', () => {
    const creating = start().on(sync(view()))
    expect(creating.on(terminating).did('send')).toMatchObject(outcome('done'))
    expect(creating.on(refused(403, 'Forbidden', 'no')).did('send')).toMatchObject([
      { event: { message: expect.stringContaining('failed to create EndpointSlice for Service default/web: no') } },
      ...outcome('failed'),
    ])
    expect(creating.on(lost()).did('send')).toMatchObject(outcome('failed'))
    const late = creating.after('request timeout')
    expect([late.state, late.did('hangUp')]).toMatchObject(['idle', [{}]])
  })
})

expectWhole(serviceSlices)
