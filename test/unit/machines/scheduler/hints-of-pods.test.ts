import { expect, test } from 'vitest'
import { EMPTY_CACHE } from '../../../../machines/scheduler/cache.ts'
import { podHints } from '../../../../machines/scheduler/hints-of-pods.ts'
import { podInfoOf } from '../../../../machines/scheduler/pod-info.ts'
import { pod } from './cluster.ts'

const terms = (app: string) => ({
  requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'zone', labelSelector: { matchLabels: { app } } }],
})
const spread = (more: object = {}) => [
  {
    maxSkew: 1,
    topologyKey: 'zone',
    whenUnsatisfiable: 'DoNotSchedule',
    labelSelector: { matchLabels: { app: 'db' } },
    ...more,
  },
]
const other = (app: string, spec: object = {}, more: object = {}) =>
  podInfoOf(pod('other', { metadata: { labels: { app }, ...more }, spec } as object))
const asking = (requests: object) => other('x', { containers: [{ name: 'c', resources: { requests } }] })
const porty = (hostPort: number, hostIP?: string) => ({
  containers: [{ name: 'c', ports: [{ containerPort: 1, hostPort, ...(hostIP === undefined ? {} : { hostIP }) }] }],
})
const tolerant = (key: string) => ({ tolerations: [{ key, operator: 'Exists' }] })
const itself = (spec: object = {}) => podInfoOf(pod('web', { spec } as object))
const all = { cpu: '1', memory: '1Gi', 'ephemeral-storage': '1', 'example.com/gpu': '1' }
const greedy = { containers: [{ name: 'c', resources: { requests: all } }] }

type Known = ReturnType<typeof podInfoOf> | undefined
const rows: readonly (readonly [string, string, object, Known, Known, boolean])[] = [
  ['NodePorts', 'a pod less that had the port', porty(80), other('x', porty(80)), undefined, true],
  [
    'NodePorts',
    'a pod less that had another',
    porty(80, '10.0.0.1'),
    other('x', porty(80, '10.0.0.2')),
    undefined,
    false,
  ],
  ['NodeResourcesFit', 'a pod less', {}, other('x'), undefined, true],
  ['NodeResourcesFit', 'less asked of cpu', {}, asking({ cpu: '2' }), asking({ cpu: '1' }), true],
  ['NodeResourcesFit', 'less asked of memory', greedy, asking({ memory: '2' }), asking({ memory: '1' }), true],
  ['NodeResourcesFit', 'less asked of storage', greedy, asking({ 'ephemeral-storage': '2' }), asking({}), true],
  ['NodeResourcesFit', 'less asked of a device', greedy, asking({ 'example.com/gpu': '2' }), asking({}), true],
  ['NodeResourcesFit', 'more asked', greedy, asking({ cpu: '1' }), asking({ cpu: '2' }), false],
  ['InterPodAffinity', 'somebody it wants', { affinity: { podAffinity: terms('db') } }, undefined, other('db'), true],
  ['InterPodAffinity', 'somebody else', { affinity: { podAffinity: terms('db') } }, undefined, other('x'), false],
  [
    'InterPodAffinity',
    'one less it did not want',
    { affinity: { podAntiAffinity: terms('db') } },
    other('db'),
    undefined,
    true,
  ],
  [
    'InterPodAffinity',
    'one less it did not mind',
    { affinity: { podAntiAffinity: terms('db') } },
    other('x'),
    undefined,
    false,
  ],
  [
    'PodTopologySpread',
    'a pod more that counts',
    { topologySpreadConstraints: spread() },
    undefined,
    other('db'),
    true,
  ],
  ['PodTopologySpread', 'one that does not', { topologySpreadConstraints: spread() }, undefined, other('x'), false],
  [
    'PodTopologySpread',
    'one elsewhere',
    { topologySpreadConstraints: spread() },
    undefined,
    other('db', {}, { namespace: 'n' }),
    false,
  ],
  [
    'PodTopologySpread',
    'its own tolerations',
    { topologySpreadConstraints: spread({ nodeTaintsPolicy: 'Honor' }) },
    itself(),
    itself(tolerant('x')),
    true,
  ],
  ['TaintToleration', 'its own tolerations', {}, itself(), itself(tolerant('x')), true],
  ['TaintToleration', "another's tolerations", {}, other('x'), other('x', tolerant('x')), false],
  [
    'NodeUnschedulable',
    'its own tolerations, now of cordons',
    {},
    itself(),
    itself(tolerant('node.kubernetes.io/unschedulable')),
    true,
  ],
  ['NodeUnschedulable', 'its own tolerations, of something else', {}, itself(), itself(tolerant('x')), false],
]
test.each(rows)('%s, %s', (plugin, _, spec, was, now, hope) => {
  expect(podHints[plugin]?.(podInfoOf(pod('web', { spec } as object)), was, now, EMPTY_CACHE)).toBe(hope)
})
