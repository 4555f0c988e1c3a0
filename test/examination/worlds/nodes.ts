/** The controllers of nodes and of the pods on them. */
import type { Node, Pod } from '../../../machines/protocol/objects.ts'
import { CLUSTER, changes, deletes, makes, node, nodesBeat, pod, podsRun } from '../objects.ts'
import type { World } from '../worlds.ts'

const on = (nodeName: string, spec: object = {}) => ({
  spec: { nodeName, containers: [{ name: 'c', image: 'i' }], ...spec },
})
const NODE = { ...CLUSTER, resource: 'nodes' }

export const nodeIpam: World = {
  given: [node('node-1')],
  acts: [
    makes('nodes', node('node-2')),
    deletes({ ...NODE, name: 'node-1' }, (c) => rangeOf(c.object('nodes', 'node-2')) !== ''),
  ],
  wanted: 'the node that is left has a range of its own',
  holds: (cluster) => cluster.get('nodes').length === 1 && rangeOf(cluster.object('nodes', 'node-2')) !== '',
}
const rangeOf = (object: unknown): string => (object as Node | undefined)?.spec?.podCIDR ?? ''

const taints = (object: unknown): string =>
  ((object as Node | undefined)?.spec?.taints ?? [])
    .map(({ key, effect }) => `${key}:${effect}`)
    .sort()
    .join()
const UNREACHABLE = 'node.kubernetes.io/unreachable'

export const nodeLifecycle: World = {
  given: [node('node-1'), node('node-2'), pod('a', '10.244.0.1', on('node-1')), pod('b', '10.244.0.2', on('node-2'))],
  acts: [changes({ ...NODE, name: 'node-2' }, { metadata: { labels: { colour: 'blue' } } })],
  hands: [nodesBeat('node-2')],
  wanted: 'the node that is silent is unreachable, and its pod is not ready; the other one is well',
  holds: (cluster) =>
    taints(cluster.object('nodes', 'node-1')) === `${UNREACHABLE}:NoExecute,${UNREACHABLE}:NoSchedule` &&
    taints(cluster.object('nodes', 'node-2')) === '' &&
    cluster.node('node-2').ready &&
    !cluster.pod('a').ready,
}

export const podGc: World = {
  given: [
    node('node-1'),
    node('node-2'),
    pod('stays', '10.244.0.1', on('node-1')),
    pod('goes', '10.244.0.2', on('node-2')),
    pod('done', '10.244.0.3', on('node-2'), { phase: 'Succeeded' }),
  ],
  acts: [deletes({ ...NODE, name: 'node-2' })],
  wanted: 'what was on the node that is gone is gone',
  holds: (cluster) =>
    cluster
      .get('pods')
      .map(({ metadata }) => metadata.name)
      .join() === 'stays',
}

const NO_EXECUTE = [{ key: 'fire', value: 'yes', effect: 'NoExecute' }]
const tolerating = (seconds: object) => ({
  tolerations: [{ key: 'fire', operator: 'Exists', effect: 'NoExecute', ...seconds }],
})
const names = (pods: readonly Pod[]): string => pods.map(({ metadata }) => metadata.name).join()

export const taintEviction: World = {
  given: [
    node('node-1'),
    node('node-2'),
    pod('elsewhere', '10.244.0.1', on('node-2')),
    pod('patient', '10.244.0.2', on('node-1', tolerating({ tolerationSeconds: 20 }))),
    pod('proof', '10.244.0.3', on('node-1', tolerating({}))),
    pod('tender', '10.244.0.4', on('node-1')),
  ],
  acts: [
    changes({ ...NODE, name: 'node-1' }, { spec: { taints: NO_EXECUTE } }),
    changes(
      { ...NODE, name: 'node-2' },
      { spec: { taints: NO_EXECUTE } },
      (c) => c.object('pods', 'tender') === undefined,
    ),
    changes({ ...NODE, name: 'node-2' }, { spec: { taints: [] } }, (c) => c.object('pods', 'elsewhere') === undefined),
  ],
  hands: [podsRun],
  wanted: 'only who tolerates the taint for ever is left',
  holds: (cluster) => names(cluster.get<Pod>('pods')) === 'proof',
}

export const ttl: World = {
  given: [node('node-1')],
  acts: [
    makes('nodes', node('node-2')),
    changes({ ...NODE, name: 'node-1' }, { metadata: { annotations: { 'node.alpha.kubernetes.io/ttl': null } } }, (c) =>
      ttls(c.get('nodes')),
    ),
  ],
  wanted: 'every node says for how long secrets may be cached',
  holds: (cluster) => ttls(cluster.get('nodes')),
}
const ttls = (
  nodes: readonly { readonly metadata: { readonly annotations?: Readonly<Record<string, string>> } }[],
): boolean => nodes.every(({ metadata }) => metadata.annotations?.['node.alpha.kubernetes.io/ttl'] === '0')
