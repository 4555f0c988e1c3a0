import { describe, expect, test } from 'vitest'
import { readConfiguration } from '../../../../../machines/scheduler/configuration/configuration.ts'
import { inWords } from '../../../../../machines/scheduler/configuration/reading.ts'
import { DEFAULT_PROFILE } from '../../../../../machines/scheduler/profile.ts'

const KIND = { apiVersion: 'kubescheduler.config.k8s.io/v1', kind: 'KubeSchedulerConfiguration' }
const read = (more: object) => readConfiguration({ ...KIND, ...more })
const wrong = (more: object) => read(more).problems.map(inWords)
const profile = (more: object) => read({ profiles: [more] }).configuration?.profiles[0]
const wrongArgs = (name: string, args: object) =>
  wrong({ profiles: [{ pluginConfig: [{ name, args }] }] }).map((text) =>
    text.replace('profiles[0].pluginConfig[0].args', '…'),
  )

describe('a configuration', () => {
  test('that says nothing is the default one', () => {
    expect(read({}).configuration).toEqual({
      profiles: [DEFAULT_PROFILE],
      extenders: [],
      client: { qps: 50, burst: 100 },
      backOff: { initialMs: 1_000, maxMs: 10_000 },
    })
  })
  test('sets back-offs, the client, and the share of nodes of all profiles or one', () => {
    const written = {
      podInitialBackoffSeconds: 2,
      podMaxBackoffSeconds: 20,
      clientConnection: { qps: 5.5, burst: 7 },
      percentageOfNodesToScore: 30,
      profiles: [{ schedulerName: 'a' }, { schedulerName: 'b', percentageOfNodesToScore: 5 }],
    }
    expect(read(written).configuration).toMatchObject({
      backOff: { initialMs: 2_000, maxMs: 20_000 },
      client: { qps: 5.5, burst: 7 },
      profiles: [
        { schedulerName: 'a', percentageOfNodesToScore: 30 },
        { schedulerName: 'b', percentageOfNodesToScore: 5 },
      ],
    })
  })
  test.each([
    [{ kind: 'Other' }, ['expected apiVersion kubescheduler.config.k8s.io/v1 and kind KubeSchedulerConfiguration']],
    [{ profilez: [] }, ['profilez: unknown field "profilez"']],
    [{ profiles: [] }, ['profiles: Required value']],
    [{ profiles: {} }, ['profiles: expected a list']],
    [{ parallelism: 0 }, ['parallelism: Invalid value: 0: should be an integer value greater than zero']],
    [{ percentageOfNodesToScore: 101 }, ['percentageOfNodesToScore: Invalid value: 101: not in valid range [0-100]']],
    [{ percentageOfNodesToScore: 'x' }, ['percentageOfNodesToScore: expected a whole number']],
    [{ podInitialBackoffSeconds: 0 }, ['podInitialBackoffSeconds: Invalid value: 0: must be greater than 0']],
    [
      { podInitialBackoffSeconds: 9, podMaxBackoffSeconds: 2 },
      ['podMaxBackoffSeconds: Invalid value: 2: must be greater than or equal to PodInitialBackoffSeconds'],
    ],
    [{ clientConnection: { burst: -1 } }, ['clientConnection.burst: Invalid value: -1: must be non-negative']],
    [{ clientConnection: { qps: 'fast' } }, ['clientConnection.qps: expected a number']],
    [{ clientConnection: 7 }, ['clientConnection: expected an object']],
    [
      { profiles: [{}, {}] },
      [
        'profiles[0].schedulerName: Required value',
        'profiles[1].schedulerName: Required value',
        'profiles[1].schedulerName: Duplicate value: "profiles[0].schedulerName"',
      ],
    ],
    [{ profiles: [{ schedulerName: 1 }] }, ['profiles[0].schedulerName: expected a text']],
    [
      { profiles: [{ pluginConfig: [{ name: 'EBSLimits' }, { name: 'EBSLimits' }] }] },
      [
        'profiles[0].pluginConfig[0]: Invalid value: "EBSLimits": was invalid in version "kubescheduler.config.k8s.io/v1" (KubeSchedulerConfiguration is version "kubescheduler.config.k8s.io/v1")',
        'profiles[0].pluginConfig[1]: Duplicate value: "EBSLimits"',
        'profiles[0].pluginConfig[1]: Invalid value: "EBSLimits": was invalid in version "kubescheduler.config.k8s.io/v1" (KubeSchedulerConfiguration is version "kubescheduler.config.k8s.io/v1")',
      ],
    ],
  ])('%j is refused', (more, problems) => {
    expect(wrong(more)).toEqual(problems)
    expect(read(more).configuration).toBeUndefined()
  })
})

describe('plugins', () => {
  const names = (plugins: object, point: 'filter' | 'score' | 'preScore') =>
    profile({ plugins })?.plugins[point].map(({ name, weight }) => (weight === 0 ? name : `${name} ${weight}`))
  test('are disabled one by one, or all', () => {
    expect(names({ score: { disabled: [{ name: 'ImageLocality' }] } }, 'score')).not.toContain('ImageLocality 1')
    expect(
      names({ score: { disabled: [{ name: '*' }], enabled: [{ name: 'NodeAffinity', weight: 4 }] } }, 'score'),
    ).toEqual(['NodeAffinity 4'])
    const nothing = {
      multiPoint: { disabled: [{ name: '*' }], enabled: [{ name: 'PrioritySort' }, { name: 'DefaultBinder' }] },
    }
    expect(names(nothing, 'filter')).toEqual([])
  })
  test('that are enabled at a point come first there, with their own weight', () => {
    const own = { score: { enabled: [{ name: 'InterPodAffinity', weight: 7 }] } }
    expect(names(own, 'score')?.slice(0, 2)).toEqual(['InterPodAffinity 7', 'TaintToleration 3'])
    expect(names({ multiPoint: { enabled: [{ name: 'NodeAffinity', weight: 9 }] } }, 'score')).toContain(
      'NodeAffinity 9',
    )
    const moved = { multiPoint: { disabled: [{ name: 'NodePorts' }] }, filter: { enabled: [{ name: 'NodePorts' }] } }
    expect(names(moved, 'filter')?.at(-1)).toBe('NodePorts')
  })
  test.each([
    [{ score: { enabled: [{ name: 'Mine' }] } }, ['score.enabled[0]: plugin "Mine" does not exist']],
    [{ score: { enabled: [{ name: 'NodeName' }] } }, ['score.enabled[0]: plugin "NodeName" does not extend score']],
    [
      { filter: { enabled: [{ name: 'NodeName' }, { name: 'NodeName' }] } },
      ['filter.enabled[1]: plugin "NodeName" already registered'],
    ],
    [{ queueSort: { disabled: [{ name: '*' }] } }, ['queueSort: one queue sort plugin is required, not 0']],
    [{ bind: { disabled: [{ name: '*' }] } }, ['bind: at least one bind plugin is needed']],
    [{ filters: {} }, ['filters: unknown field "profiles[0].plugins.filters"']],
  ])('%j is refused', (plugins, problems) => {
    expect(wrong({ profiles: [{ plugins }] })).toEqual(problems.map((text) => `profiles[0].plugins.${text}`))
  })
  test('all profiles sort alike', () => {
    const other = { schedulerName: 'b', plugins: { queueSort: { disabled: [{ name: '*' }] } } }
    expect(wrong({ profiles: [{ schedulerName: 'a' }, other] })).toEqual([
      'profiles[1].plugins.queueSort: one queue sort plugin is required, not 0',
      'profiles[1].plugins.queueSort: queueSort must be the same for all profiles',
    ])
  })
})

describe('arguments', () => {
  const args = (name: string, its: object) =>
    profile({ pluginConfig: [{ name, args: its }] })?.args as unknown as Record<string, unknown>
  test('of every plugin are read over its defaults', () => {
    expect(args('DefaultPreemption', { minCandidateNodesAbsolute: 5 })['DefaultPreemption']).toEqual({
      minCandidateNodesAbsolute: 5,
      minCandidateNodesPercentage: 10,
    })
    expect(
      args('NodeResourcesFit', { scoringStrategy: { type: 'MostAllocated', resources: [{ name: 'cpu' }] } })[
        'NodeResourcesFit'
      ],
    ).toMatchObject({
      ignoredResources: [],
      scoringStrategy: { type: 'MostAllocated', resources: [{ name: 'cpu', weight: 1 }] },
    })
    expect(args('PodTopologySpread', { defaultingType: 'List' })['PodTopologySpread']).toEqual({
      constraints: [],
      system: false,
    })
    expect(args('PodTopologySpread', {})['PodTopologySpread']).toMatchObject({ system: true })
    expect(args('NodeAffinity', {})['NodeAffinity']).toEqual({})
    expect(args('VolumeBinding', { bindTimeoutSeconds: 5 })['VolumeBinding']).toEqual({ bindTimeoutSeconds: 5 })
    expect(args('Mine', { any: 'thing' })).toEqual(DEFAULT_PROFILE.args)
  })
  test.each([
    [
      'DefaultPreemption',
      { minCandidateNodesPercentage: 0, minCandidateNodesAbsolute: 0 },
      [
        '….minCandidateNodesPercentage: Invalid value: 0: cannot be zero at the same time as minCandidateNodesAbsolute',
        '….minCandidateNodesAbsolute: Invalid value: 0: cannot be zero at the same time as minCandidateNodesPercentage',
      ],
    ],
    [
      'InterPodAffinity',
      { hardPodAffinityWeight: 101 },
      ['….hardPodAffinityWeight: Invalid value: 101: not in valid range [0, 100]'],
    ],
    [
      'InterPodAffinity',
      { ignorePreferredTermsOfExistingPods: 'no' },
      ['….ignorePreferredTermsOfExistingPods: expected true or false'],
    ],
    [
      'NodeAffinity',
      {
        addedAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'Gt', values: ['x'] }] }],
          },
        },
      },
      [
        "….addedAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: [0].matchExpressions[0].values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer",
      ],
    ],
    ['NodeAffinity', { addedAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1 }] } }, []],
    [
      'NodeResourcesBalancedAllocation',
      { resources: [{ name: 'cpu', weight: 2 }, { name: 'cpu' }] },
      ['….resources[0].weight: Invalid value: 2: must be 1', '….resources[1].name: Duplicate value: "cpu"'],
    ],
    [
      'NodeResourcesFit',
      { ignoredResourceGroups: ['a/b'], scoringStrategy: { type: 'Best', resources: [{ name: 'cpu', weight: 101 }] } },
      [
        "….ignoredResourceGroups[0]: Invalid value: \"a/b\": resource group name can't contain '/'",
        '….scoringStrategy.type: Unsupported value: "Best": supported values: "LeastAllocated", "MostAllocated", "RequestedToCapacityRatio"',
        '….scoringStrategy.resources[0].weight: Invalid value: 101: resource weight of cpu not in valid range (0, 100]',
      ],
    ],
    [
      'NodeResourcesFit',
      { scoringStrategy: { type: 'RequestedToCapacityRatio', requestedToCapacityRatio: {} } },
      ['….scoringStrategy.requestedToCapacityRatio.shape: Required value: at least one point must be specified'],
    ],
    [
      'NodeResourcesFit',
      { scoringStrategy: { requestedToCapacityRatio: { shape: [{ utilization: 9, score: 11 }, { utilization: 9 }] } } },
      [
        '….scoringStrategy.requestedToCapacityRatio.shape[0].score: Invalid value: 11: not in valid range [0, 10]',
        '….scoringStrategy.requestedToCapacityRatio.shape[1].utilization: Invalid value: 9: utilization values must be sorted in increasing order',
      ],
    ],
    [
      'PodTopologySpread',
      { defaultConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' }] },
      ['….defaultingType: Invalid value: null: when .defaultConstraints are not empty'],
    ],
    [
      'PodTopologySpread',
      {
        defaultingType: 'List',
        defaultConstraints: [
          { labelSelector: {} },
          { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' },
          { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' },
        ],
      },
      [
        '….defaultConstraints[0].maxSkew: Invalid value: 0: not in valid range (0, inf)',
        '….defaultConstraints[0].topologyKey: Required value: can not be empty',
        '….defaultConstraints[0].whenUnsatisfiable: Required value: can not be empty',
        '….defaultConstraints[0].labelSelector: Forbidden: constraint must not define a selector, as they deduced for each pod',
        '….defaultConstraints[2]: Duplicate value: "{zone, ScheduleAnyway}"',
      ],
    ],
    [
      'VolumeBinding',
      { bindTimeoutSeconds: -1, shape: [] },
      [
        '….shape: Invalid value: []: unexpected field `shape`, remove it or turn on the feature gate VolumeCapacityPriority',
        '….bindTimeoutSeconds: Invalid value: -1: invalid BindTimeoutSeconds, should not be a negative value',
      ],
    ],
  ])('of %s: %j', (name, its, problems) => {
    expect(wrongArgs(name, its)).toEqual(problems)
  })
})
