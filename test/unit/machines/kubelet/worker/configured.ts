/** What a container is configured with. */
import { describe, expect, test } from 'vitest'
import { apiFailed, lost, ok, pod } from '../fixtures.ts'
import { asked, begin, deleting, messages, seconds, updated, type Worker, withImage } from './start.ts'

export default (): void => {
  describe('configuration', () => {
    const needy = pod({
      containers: [
        { name: 'c', image: 'nginx:1', env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'm', key: 'k' } } }] },
      ],
    })
    test('what the environment names is read first', () => {
      const chart = withImage(begin(needy))
      expect(chart.state).toBe('syncing.startingContainer.configuring.reading')
      expect(asked(chart.asked, 'api.request')[0]).toMatchObject({ verb: 'get', resource: 'configmaps', name: 'm' })
      const read = chart.on(ok({ kind: 'ConfigMap', metadata: { name: 'm' }, data: { k: 'v' } }))
      expect(read.state).toBe('syncing.startingContainer.creating')
      expect(asked(read.asked, 'cri.request')[0]).toMatchObject({ config: { envs: [{ key: 'A', value: 'v' }] } })
    })
    test('what is not there is CreateContainerConfigError', () => {
      const chart = withImage(begin(needy)).on(apiFailed(404, 'NotFound'))
      expect(chart.context.startErrors['c']).toEqual({
        reason: 'CreateContainerConfigError',
        message: 'configmap "m" not found',
      })
      expect(messages(chart)).toEqual(['Error: configmap "m" not found'])
    })
    test.each([
      (chart: Worker) => chart.on(apiFailed(500, 'InternalError')),
      (chart: Worker) => chart.on(lost('api')),
      (chart: Worker) => chart.after('request timeout'),
    ])('what cannot be read is a cache that is not in sync', (go) => {
      const chart = go(withImage(begin(needy)))
      expect(chart.context.startErrors['c']?.message).toContain('failed to sync configmap cache')
    })

    const mounting = pod({ volumes: [{ name: 'v', configMap: { name: 'm' } }] })
    test('a volume that cannot be mounted is tried again, faster at first', () => {
      const chart = begin(mounting)
      expect(chart.state).toBe('syncing.mounting.reading')
      const missing = chart.on(apiFailed(404, 'NotFound'))
      expect(missing.state).toBe('syncing.mounting.backingOff')
      expect(messages(missing)).toEqual(['MountVolume.SetUp failed for volume "v" : configmap "m" not found'])
      const again = missing.after('mount back-off').on(ok({ kind: 'ConfigMap', metadata: { name: 'm' }, data: {} }))
      expect(again.state).toBe('syncing.makingSandbox')
    })
    test.each([
      (chart: Worker) => chart.on(apiFailed(500, 'InternalError')),
      (chart: Worker) => chart.on(lost('api')),
      (chart: Worker) => chart.after('request timeout'),
    ])('a volume that cannot be read now is read later', (go) => {
      expect(go(begin(mounting)).state).toBe('syncing.mounting.backingOff')
    })
    test('a pod that is deleted meanwhile is not waited for', () => {
      const chart = begin(mounting)
        .on(lost('api'))
        .on(updated(deleting(mounting)), seconds(2))
      expect(chart.state).toBe('terminating.waitingForRelist')
    })
  })
}
