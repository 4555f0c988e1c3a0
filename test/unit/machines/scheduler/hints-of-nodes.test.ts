import { expect, test } from 'vitest'
import type { Node } from '../../../../machines/protocol/objects.ts'
import { EMPTY_CACHE } from '../../../../machines/scheduler/cache.ts'
import { nodeHints } from '../../../../machines/scheduler/hints-of-nodes.ts'
import { podInfoOf } from '../../../../machines/scheduler/pod-info.ts'
import { node, pod } from './cluster.ts'

const labelled = (labels: object) => node('n', { metadata: { labels } } as object)
const sized = (allocatable: object) =>
  node('n', { status: { allocatable: { pods: '110', memory: '8Gi', ...allocatable } } } as object)
const tainted = node('n', { spec: { taints: [{ key: 'x', effect: 'NoSchedule' }] } } as object)
const cordoned = node('n', { spec: { unschedulable: true } } as object)
const affine = {
  podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'zone', labelSelector: {} }] },
}
const spread = [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: {} }]
const gpu = [
  { name: 'c', resources: { requests: { cpu: '1', 'example.com/gpu': '1', memory: '1Gi', 'ephemeral-storage': '1' } } },
]

const rows: readonly (readonly [string, string, object, Node | undefined, Node | undefined, boolean])[] = [
  ['NodeAffinity', 'a label that was missing', { nodeSelector: { a: 'b' } }, node('n'), labelled({ a: 'b' }), true],
  [
    'NodeAffinity',
    'a label that was there already',
    { nodeSelector: { a: 'b' } },
    labelled({ a: 'b' }),
    labelled({ a: 'b', c: 'd' }),
    false,
  ],
  ['TaintToleration', 'a taint less', {}, tainted, node('n'), true],
  ['TaintToleration', 'a new tainted node', {}, undefined, tainted, false],
  ['NodeUnschedulable', 'uncordoning', {}, cordoned, node('n'), true],
  ['NodeUnschedulable', 'cordoning', {}, node('n'), cordoned, false],
  ['NodeResourcesFit', 'a node that is large enough', {}, undefined, node('n'), true],
  ['NodeResourcesFit', 'a node that is too small', {}, undefined, sized({ cpu: '1m' }), false],
  ['NodeResourcesFit', 'more of what is asked for', {}, sized({ cpu: '2' }), sized({ cpu: '3' }), true],
  [
    'NodeResourcesFit',
    'more of something else',
    {},
    sized({ cpu: '2' }),
    sized({ cpu: '2', 'ephemeral-storage': '1' }),
    false,
  ],
  [
    'NodeResourcesFit',
    'more of an extended resource',
    { containers: gpu },
    sized({ cpu: '2' }),
    sized({ cpu: '2', 'example.com/gpu': '1', 'ephemeral-storage': '1' }),
    true,
  ],
  ['NodeResourcesFit', 'a node less', {}, node('n'), undefined, false],
  ['InterPodAffinity', 'a node that has the place', { affinity: affine }, undefined, labelled({ zone: 'a' }), true],
  ['InterPodAffinity', 'a node that has it not', { affinity: affine }, undefined, node('n'), false],
  [
    'PodTopologySpread',
    'a new domain',
    { topologySpreadConstraints: spread },
    undefined,
    labelled({ zone: 'a' }),
    true,
  ],
  [
    'PodTopologySpread',
    'another domain',
    { topologySpreadConstraints: spread },
    labelled({ zone: 'b' }),
    labelled({ zone: 'a' }),
    true,
  ],
  [
    'PodTopologySpread',
    'another label',
    { topologySpreadConstraints: spread },
    labelled({ zone: 'a' }),
    labelled({ zone: 'a', x: 'y' }),
    false,
  ],
  ['PodTopologySpread', 'other taints', {}, node('n'), tainted, true],
  [
    'PodTopologySpread',
    'a node that never counted',
    { topologySpreadConstraints: spread },
    node('n'),
    undefined,
    false,
  ],
]
test.each(rows)('%s, %s', (plugin, _, spec, was, now, hope) => {
  expect(nodeHints[plugin]?.(podInfoOf(pod('web', { spec } as object)), was, now, EMPTY_CACHE)).toBe(hope)
})
