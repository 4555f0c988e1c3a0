import { describe, expect, test } from 'vitest'
import { readConfiguration } from '../../../../../machines/scheduler/configuration/configuration.ts'
import { inWords } from '../../../../../machines/scheduler/configuration/reading.ts'

const read = (extenders: readonly object[], permitPlugins: readonly string[] = [], more: object = {}) => {
  const kind = { apiVersion: 'kubescheduler.config.k8s.io/v1', kind: 'KubeSchedulerConfiguration' }
  return readConfiguration({ ...kind, extenders, ...more }, permitPlugins)
}
const gpu = { name: 'example.com/gpu', ignoredByScheduler: true }

describe('extenders', () => {
  test('have defaults, and those that may fail come last', () => {
    const { configuration } = read([
      { urlPrefix: 'http://a', ignorable: true, httpTimeout: '1m0.5s' },
      { urlPrefix: 'http://b', filterVerb: 'filter', managedResources: [gpu] },
    ])
    expect(configuration?.extenders.map((one) => [one.urlPrefix, one.httpTimeoutMs, one.filterVerb])).toEqual([
      ['http://b', 5_000, 'filter'],
      ['http://a', 60_500, ''],
    ])
    expect(configuration?.profiles[0]?.args.NodeResourcesFit.ignoredResources).toEqual(['example.com/gpu'])
  })
  test.each([
    [[{ prioritizeVerb: 'p' }], 'extenders[0].weight: Invalid value: 0: must have a positive weight applied to it'],
    [
      [{ bindVerb: 'b' }, { bindVerb: 'b' }],
      'extenders: Invalid value: "found 2 extenders implementing bind": only one extender can implement bind',
    ],
    [
      [{ managedResources: [gpu] }, { managedResources: [gpu] }],
      'extenders[1].managedResources[0].name: Invalid value: "example.com/gpu": duplicate extender managed resource name',
    ],
    [[{ httpTimeout: 'soon' }], 'extenders[0].httpTimeout: Invalid value: "soon": expected a duration like 5s'],
    [[{ url: 'x' }], 'extenders[0].url: unknown field "extenders[0].url"'],
  ])('that are wrong are told with their path: %o', (extenders, sentence) => {
    expect(read(extenders).problems.map(inWords)).toEqual([sentence])
  })
})
test("Permit plugins of one's own can be enabled, there and nowhere else", () => {
  const profiles = (point: string) => ({ profiles: [{ plugins: { [point]: { enabled: [{ name: 'gang' }] } } }] })
  expect(read([], ['gang'], profiles('permit')).configuration?.profiles[0]?.plugins.permit).toMatchObject([
    { name: 'gang' },
  ])
  expect(read([], ['gang'], profiles('filter')).problems.map(inWords)).toEqual([
    'profiles[0].plugins.filter.enabled[0]: plugin "gang" does not extend filter',
  ])
  expect(read([], [], profiles('permit')).problems.map(inWords)).toEqual([
    'profiles[0].plugins.permit.enabled[0]: plugin "gang" does not exist',
  ])
})
