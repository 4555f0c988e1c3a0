import { describe, expect, test } from 'vitest'
import { podGcController } from '../../../../../machines/controllers/pod-gc/index.ts'
import { podGc } from '../../../../../machines/controllers/pod-gc/pod-gc.ts'
import { born, expectWhole } from '../../../../kit/chart.ts'
import { lost, ok, refused } from '../kit/replies.ts'
import { AT, controllerInput, filled, node, pod } from '../objects.ts'

const gone = [pod('p'), pod('done', { status: { phase: 'Succeeded' } })]
const start = (pods = gone) =>
  born(podGc, controllerInput, 'pod-garbage-collector-controller/cp-1', { at: AT })
    .on(filled('nodes', [node('other')]))
    .on(filled('pods', pods))
const tick = 'check period'
/** After the 40 s for which a missing node is in quarantine. */
const asking = (pods = gone) =>
  start(pods)
    .after(tick, { at: AT + 20_000 })
    .after(tick, { at: AT + 40_000 })
const notFound = refused(404, 'NotFound')

test('finished pods beyond the threshold of the cluster go, the oldest first', () => {
  const finished = ['a', 'b'].map((name) => pod(name, { status: { phase: 'Succeeded' } }))
  const chart = born(podGc, { ...controllerInput, terminatedThreshold: 1 }, 'pod-garbage-collector-controller/cp-1', {
    at: AT,
  })
    .on(filled('nodes', [node('node-1')]))
    .on(filled('pods', finished))
  expect(chart.did('call')[0]?.event).toMatchObject({ verb: 'delete', name: 'a' })
  expect(chart.on(ok()).state).toBe('resting')
})

describe('pods that are left behind', () => {
  test('wait for the quarantine of their node, and go once it is gone for sure', () => {
    expect(start().state).toBe('resting')
    const suspected = asking()
    expect(suspected.did('call')[0]?.event).toMatchObject({ verb: 'get', resource: 'nodes', name: 'node-1' })
    const deleting = suspected.on(notFound)
    expect(deleting.did('call')[0]?.event).toMatchObject({
      verb: 'delete',
      name: 'done',
      options: { gracePeriodSeconds: 0 },
    })
    const failing = deleting.on(ok())
    expect(failing.did('call')[0]?.event).toMatchObject({
      verb: 'patch',
      name: 'p',
      subresource: 'status',
      body: {
        metadata: { uid: 'uid-p' },
        status: {
          phase: 'Failed',
          conditions: [
            { type: 'DisruptionTarget', reason: 'DeletionByPodGC', message: 'PodGC: node no longer exists' },
          ],
        },
      },
    })
    const last = failing.on(ok())
    expect(last.did('call')[0]?.event).toMatchObject({ verb: 'delete', name: 'p' })
    expect(last.on(ok()).state).toBe('resting')
    expect(last.on(lost()).state).toBe('resting')
    expect(failing.on(lost()).state).toBe('resting')
    expect(failing.on(refused(409, 'Conflict')).state).toBe('resting')
    expect(failing.after('request timeout').did('hangUp')).toHaveLength(1)
  })

  test('stay when the node is there after all, or cannot be asked for', () => {
    expect(asking().on(ok(node('node-1'))).state).toBe('resting')
    expect(asking().on(lost()).state).toBe('resting')
    expect(asking().after('request timeout').state).toBe('resting')
  })

  test('that never had a node are failed without a condition', () => {
    const metadata = { deletionTimestamp: '2026-01-01T00:00:30Z' }
    const failing = start([pod('p', { metadata, spec: { nodeName: undefined } })])
    expect(failing.did('call')[0]?.event).toMatchObject({ verb: 'patch', body: { status: { phase: 'Failed' } } })
    expect(podGcController.member.name).toBe('pod-garbage-collector')
  })
})

expectWhole(podGc)
