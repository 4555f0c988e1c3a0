/** From the sandbox to containers that run. */
import { describe, expect, test } from 'vitest'
import { DAY, failed, lost, pod } from '../fixtures.ts'
import {
  asked,
  begin,
  calls,
  created,
  deleting,
  messages,
  reasons,
  relisted,
  seconds,
  started,
  told,
  up,
  updated,
  withImage,
  withSandbox,
} from './start.ts'

export default (): void => {
  describe('starting a pod', () => {
    test('the status is written, then the sandbox made, the image found, the container created and started', () => {
      const first = begin()
      expect(first.state).toBe('syncing.makingSandbox')
      expect(told(first).status.containerStatuses?.[0]?.state).toEqual({ waiting: { reason: 'ContainerCreating' } })
      expect(calls(first)).toEqual(['RunPodSandbox'])
      const found = withSandbox(first)
      expect(calls(found)).toEqual(['ImageStatus'])
      const image = withImage(first)
      expect(image.state).toBe('syncing.startingContainer.creating')
      expect(messages(image)).toEqual(['Container image "nginx:1" already present on machine'])
      expect(messages(created(first))).toEqual(['Created container: c'])
      const last = started(first)
      expect(last.state).toBe('resting')
      expect(messages(last)).toEqual(['Started container c'])
    })

    test('it is Running and ready once a relist has shown it', () => {
      const chart = up()
      expect(chart.state).toBe('resting')
      expect(told(chart)).toMatchObject({
        mayRun: true,
        finished: false,
        status: { phase: 'Running', podIP: '10.0.0.1' },
      })
      expect(told(chart).status.conditions?.map(({ type, status }) => `${type}=${status}`)).toEqual([
        'PodReadyToStartContainers=True',
        'Initialized=True',
        'Ready=True',
        'ContainersReady=True',
        'PodScheduled=True',
      ])
    })

    test('a second sync in the same second waits for a newer relist', () => {
      const chart = started(begin()).on(updated(pod()))
      expect(chart.state).toBe('waitingForRelist')
      expect(asked(chart.asked, 'relist.awaited')).toHaveLength(1)
      expect(chart.on(relisted({ sandboxes: [], containers: [] }), seconds(1)).state).not.toBe('waitingForRelist')
    })

    test('a pod that the kubelet cannot take is marked Failed and never started', () => {
      const chart = begin(pod(), { rejection: { reason: 'OutOfcpu', message: 'too little' } })
      expect(chart.state).toBe('rejected')
      expect(chart.done).toBe(true)
      expect(told(chart).status).toMatchObject({
        phase: 'Failed',
        reason: 'OutOfcpu',
        message: 'Pod was rejected: too little',
      })
      expect(reasons(chart)).toEqual(['OutOfcpu'])
    })

    test.each([
      ['an error', failed('no CNI')],
      ['a broken connection', lost('runtime')],
    ])('no sandbox by %s: an Event, and another try after 10 s', (_, event) => {
      const chart = begin().on(event)
      expect(chart.state).toBe('backingOff')
      expect(reasons(chart)).toEqual(['FailedCreatePodSandBox'])
      expect(chart.context.retryAt - DAY).toBeGreaterThanOrEqual(10_000)
      expect(chart.context.retryAt % 1_000).toBe(0)
      const again = chart.after('until the next sync', { at: chart.context.retryAt })
      expect(again.state).toBe('syncing.makingSandbox')
    })
    test('a sandbox that takes too long is given up', () => {
      expect(begin().after('runtime request timeout').state).toBe('backingOff')
    })
    test('while it backs off, news wants a sync: now if a relist was seen since, else at the next', () => {
      const chart = begin().on(failed('no CNI'))
      expect(chart.on(updated(pod())).state).toBe('waitingForRelist')
      expect(chart.on(updated(pod()), seconds(2)).state).toBe('syncing.makingSandbox')
      expect(chart.on(updated(deleting()), seconds(2)).state).toBe('terminating.lookingAtRemains')
    })
  })

  describe('creating and starting', () => {
    test.each([failed('bad mount'), lost('runtime')])(
      'a container that cannot be created is CreateContainerError',
      (event) => {
        const chart = withImage(begin()).on(event)
        expect(chart.state).toBe('backingOff')
        expect(chart.context.startErrors['c']?.reason).toBe('CreateContainerError')
      },
    )
    test('creating has a time-out', () => {
      expect(withImage(begin()).after('runtime request timeout').context.startErrors['c']?.message).toBe(
        'context deadline exceeded',
      )
    })
    test.each([failed('no such file'), lost('runtime')])(
      'a container that cannot be started is RunContainerError',
      (event) => {
        const chart = created(begin()).on(event)
        expect(chart.context.startErrors['c']?.reason).toBe('RunContainerError')
        expect(reasons(chart)).toEqual(['Failed'])
      },
    )
    test('starting has a time-out', () => {
      expect(created(begin()).after('runtime request timeout').state).toBe('backingOff')
    })
    test('one container that fails does not keep the next from starting', () => {
      const chart = withImage(
        begin(
          pod({
            containers: [
              { name: 'a', image: 'x:1' },
              { name: 'b', image: 'x:1' },
            ],
          }),
        ),
      )
      expect(chart.on(failed('bad')).state).toBe('syncing.startingContainer.lookingForImage')
    })
  })
}
