import { expect, test } from 'vitest'
import { completed } from '../../../../machines/cluster/options.ts'
import { scheduling } from '../../../../machines/cluster/scheduler-options.ts'

const KIND = { apiVersion: 'kubescheduler.config.k8s.io/v1', kind: 'KubeSchedulerConfiguration' }
const TEXT = `
apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
`

test('without a configuration there is the default one', () => {
  const { profiles, client, backOff } = scheduling(completed({}))
  expect(profiles.map(({ schedulerName }) => schedulerName)).toEqual(['default-scheduler'])
  expect([client, backOff]).toEqual([
    { qps: 50, burst: 100 },
    { initialMs: 1_000, maxMs: 10_000 },
  ])
})
test('it is read as YAML or as data', () => {
  const written = { ...KIND, clientConnection: { qps: 5, burst: 7 } }
  expect(scheduling(completed({ schedulerConfiguration: written })).client).toEqual({ qps: 5, burst: 7 })
  const text = `${TEXT}podInitialBackoffSeconds: 2`
  expect(scheduling(completed({ schedulerConfiguration: text })).backOff.initialMs).toBe(2_000)
})
test('the rate of the client can be set, or lifted, beside it', () => {
  expect(scheduling(completed({ schedulerRate: { perSecond: 9, burst: 10 } })).client).toEqual({ qps: 9, burst: 10 })
  expect(scheduling(completed({ schedulerRate: undefined })).client.qps).toBe(1_000_000)
})
test.each([
  [`${TEXT}profiles: []`, 'schedulerConfiguration: profiles: Required value'],
  [{ ...KIND, parallelism: 0 }, 'schedulerConfiguration: parallelism: Invalid value: 0'],
  ['a: [', 'schedulerConfiguration: '],
])('what is wrong is told with its path: %o', (schedulerConfiguration, sentence) => {
  expect(() => completed({ schedulerConfiguration })).toThrow(sentence)
})
