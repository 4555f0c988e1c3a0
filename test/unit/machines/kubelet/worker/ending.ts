/** How a pod ends. */
import { describe, expect, test } from 'vitest'
import { answered, exited, failed, lost, pod } from '../fixtures.ts'
import {
  asked,
  begin,
  calls,
  deleting,
  messages,
  relisted,
  seconds,
  started,
  told,
  up,
  updated,
  type Worker,
  withSandbox,
} from './start.ts'

export default (): void => {
  describe('ending', () => {
    const ending = () => up().on(updated(deleting()), seconds(5))
    test('what runs is killed, the sandbox taken down, and the end reported', () => {
      const chart = ending()
      expect(chart.state).toBe('terminating.stoppingContainers')
      expect(messages(chart)).toEqual(['Stopping container c'])
      expect(chart.did('spawn')[0]?.input).toMatchObject({ graceSeconds: 30, after: [] })
      const killed = chart.on({ type: 'container.killed', name: 'c' })
      expect(calls(killed)).toEqual(['StopPodSandbox'])
      const looked = killed.on(answered())
      expect(calls(looked)).toEqual(['ListContainers'])
      const ended = looked.on(answered({ containers: [exited(0)] }))
      expect(told(ended)).toMatchObject({ mayRun: false, finished: false, status: { phase: 'Succeeded' } })
      expect(ended.state).toBe('terminated.waitingForRelist')
      const over = ended.on(relisted({ sandboxes: [], containers: [] }), seconds(6))
      expect(over.state).toBe('terminated.over')
      expect(told(over)).toMatchObject({ finished: true })
      expect(asked(over.asked, 'pod.terminated')).toHaveLength(1)
      const gone = over.on({ type: 'pod.removed' })
      expect(gone.done).toBe(true)
      expect(asked(gone.asked, 'remains.unwanted')[0]).toMatchObject({ containers: ['c0'], sandboxes: ['s0'] })
    })

    test('a pod whose containers are done ends by itself', () => {
      const never = pod({ restartPolicy: 'Never' })
      const chart = up(never).on(relisted({ sandboxes: [], containers: [exited(9)] }), seconds(3))
      expect(chart.state).toBe('terminating.waitingForRelist')
      expect(told(chart)).toMatchObject({ mayRun: true, status: { phase: 'Failed' } })
      const stopping = chart.on(relisted({ sandboxes: [], containers: [] }), seconds(4))
      expect(stopping.state).toBe('terminating.stoppingSandbox')
      const over = stopping.on(answered()).on(answered({ containers: [exited(9)] }), seconds(5))
      const last = over.on(relisted({ sandboxes: [], containers: [] }), seconds(6))
      expect(last.state).toBe('terminated.over')
      expect(asked(last.on(updated(never)).asked, 'status.set')).toHaveLength(0)
      expect(asked(last.on(updated(deleting(never))).asked, 'status.set')).toHaveLength(1)
    })

    test('past its deadline a pod is Failed', () => {
      const chart = begin(pod({ activeDeadlineSeconds: 60 }))
      expect(chart.did('wake').find(({ key }) => key === 'deadline')?.afterMs).toBe(60_000)
      const late = started(chart).on({ type: 'deadline.passed' }, seconds(60))
      expect(late.context.status).toMatchObject({ phase: 'Failed', reason: 'DeadlineExceeded' })
      expect(late.state).toBe('terminating.waitingForRelist')
    })

    test.each([
      (chart: Worker) => chart.on(failed('busy')),
      (chart: Worker) => chart.on(lost('runtime')),
      (chart: Worker) => chart.after('runtime request timeout'),
    ])('a runtime that fails is asked again 10 s later', (go) => {
      const stopping = ending().on({ type: 'container.killed', name: 'c' })
      expect(go(stopping).state).toBe('terminating.backingOff')
      const looking = go(stopping.on(answered()))
      expect(looking.state).toBe('terminating.backingOff')
      expect(looking.after('error back-off', seconds(20)).state).toBe('terminating.stoppingContainers')
    })

    test('a pod that was removed from the API at once is killed all the same, and nothing is reported', () => {
      const chart = up().on({ type: 'pod.removed' }, seconds(5))
      expect(chart.state).toBe('terminating.stoppingContainers')
      expect(asked(chart.asked, 'status.set')).toHaveLength(0)
      const ended = chart
        .on({ type: 'container.killed', name: 'c' })
        .on(answered())
        .on(answered({ containers: [exited(137)] }))
        .on(relisted({ sandboxes: [], containers: [] }), seconds(7))
      expect(ended.done).toBe(true)
    })

    test('when a relist has come meanwhile, the end is not waited for', () => {
      const chart = ending().on({ type: 'container.killed', name: 'c' }, seconds(6)).on(answered(), seconds(6))
      expect(chart.state).toBe('terminating.lookingAtRemains')
    })

    test('a deletion in the midst of a sync is seen after it', () => {
      const chart = withSandbox(begin()).on(updated(deleting()))
      expect(chart.state).toBe('syncing.startingContainer.lookingForImage')
    })
  })
}
