import { describe, expect, test } from 'vitest'
import { judged } from '../../../../machines/kubectl/judging.ts'
import { kubectlWait } from '../../../../machines/kubectl/wait.ts'
import { born, expectWhole } from '../../../kit/chart.ts'
import { deployment, finished, input, listed, lost, ok, refused, request } from './words.ts'

const web = { resource: 'deployments.apps', namespace: 'default', name: 'web' }
const deleting = (wait = true) =>
  born(kubectlWait, input({ command: 'delete', ...web, wait, gracePeriodSeconds: 5 }), 'kubectl/workstation/1')
const following = (timeoutMs?: number) =>
  born(
    kubectlWait,
    input({ command: 'rollout status', ...web, ...(timeoutMs === undefined ? {} : { timeoutMs }) }),
    'kubectl/workstation/1',
  )
const status = (more: object) => ({ ...deployment(), status: { observedGeneration: 1, ...more } })
const done = status({ replicas: 3, updatedReplicas: 3, availableReplicas: 3 })
const became = (type: string, object: unknown) => ({
  type: 'watch.events',
  changes: [{ type, key: 'default/web', object }],
  resourceVersion: '9',
})

describe('kubectl delete', () => {
  test('asks for a deletion in the background and waits until the object is gone', () => {
    const asked = deleting()
    expect(request(asked.asked)).toMatchObject({
      verb: 'delete',
      options: { propagationPolicy: 'Background', gracePeriodSeconds: 5 },
    })
    const watching = asked.on(ok({})).on(listed(deployment()))
    expect(watching.state).toBe('working.watching')
    expect(watching.did('stream')[0]?.event).toMatchObject({
      verb: 'watch',
      options: { fieldSelector: 'metadata.name=web', resourceVersion: '7' },
    })
    const still = watching.on(became('MODIFIED', deployment()))
    expect(still.state).toBe('working.watching')
    const gone = still
      .on({ type: 'watch.events', changes: [], resourceVersion: '10' })
      .on(became('DELETED', deployment()))
    expect(finished(gone.asked)).toEqual({ code: 0, lines: ['deployment.apps "web" deleted'] })
  })

  test('does not wait when told so', () => {
    expect(finished(deleting(false).on(ok({})).asked)?.code).toBe(0)
  })

  test('fails when it is refused, cut off, or not answered', () => {
    expect(finished(deleting().on(refused(404, 'NotFound', 'x')).asked)?.code).toBe(1)
    expect(finished(deleting().on(lost).asked)?.code).toBe(1)
    expect(finished(deleting().after('request timeout').asked)?.code).toBe(1)
  })
})

describe('kubectl rollout status', () => {
  test('prints each step once, until the rollout is over', () => {
    const chart = following()
      .on(listed(status({ replicas: 3, updatedReplicas: 1 })))
      .on(became('MODIFIED', status({ replicas: 3, updatedReplicas: 1 })))
      .on(became('MODIFIED', done))
    expect(finished(chart.asked)).toEqual({
      code: 0,
      lines: [
        'Waiting for deployment "web" rollout to finish: 1 out of 3 new replicas have been updated...',
        'deployment "web" successfully rolled out',
      ],
    })
  })

  test('ends badly when the deadline is exceeded or there is no such thing', () => {
    const late = status({ conditions: [{ type: 'Progressing', reason: 'ProgressDeadlineExceeded' }] })
    expect(finished(following().on(listed(late)).asked)).toEqual({
      code: 1,
      lines: ['error: deployment "web" exceeded its progress deadline'],
    })
    expect(finished(following().on(listed()).asked)?.code).toBe(1)
  })

  test('asks again in a moment when the server is away or the watch ends', () => {
    const listing = following()
    for (const chart of [
      listing.on(lost),
      listing.on(refused(503, 'ServiceUnavailable', 'x')),
      listing.after('request timeout'),
    ])
      expect(chart.state).toBe('working.pausing')
    const watching = listing.on(listed(deployment()))
    expect(watching.on({ type: 'watch.failed', status: {} }).state).toBe('working.pausing')
    const paused = watching.on({ type: 'stream.ended', line: 'watch', reason: 'reset' })
    expect(paused.after('pause before asking again').state).toBe('working.listing')
  })

  test('gives up after its time-out', () => {
    const chart = following(5_000)
    expect(chart.did('wake').map(({ afterMs }) => afterMs)).toContain(5_000)
    expect(finished(chart.after('patience').asked)).toEqual({
      code: 1,
      lines: ['error: timed out waiting for the condition'],
    })
  })
})

test.each([
  [
    'Waiting for deployment spec update to be observed...',
    { ...status({}), metadata: { ...deployment().metadata, generation: 2 } },
  ],
  [
    'Waiting for deployment "web" rollout to finish: 1 old replicas are pending termination...',
    status({ replicas: 4, updatedReplicas: 3 }),
  ],
  [
    'Waiting for deployment "web" rollout to finish: 2 of 3 updated replicas are available...',
    status({ replicas: 3, updatedReplicas: 3, availableReplicas: 2 }),
  ],
])('a rollout is told as "%s"', (line, object) => {
  expect(judged({ command: 'rollout status', ...web }, object as never, 'web')).toEqual({ line, over: undefined })
})

expectWhole(kubectlWait)
