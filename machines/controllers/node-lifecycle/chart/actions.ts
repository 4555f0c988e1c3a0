/** Every order of the chart of a node, and what carries it out. */
import { call, hangUp, send } from '../../../../runtime/contract.ts'
import { get, patch, placeOf, update as replace } from '../../../lib/requests.ts'
import type { EventHappened } from '../../../protocol/cache.ts'
import type { Node, Pod } from '../../../protocol/objects.ts'
import { tell } from '../../kit/sync.ts'
import { unheardOf } from '../conditions.ts'
import { missingLabels } from '../labels.ts'
import { mistakenlyReady, notReady } from '../pods.ts'
import { nextTaints } from '../taints.ts'
import type { PodsUnmarked } from '../words.ts'
import { ask, type Context, decide, LABELS, POD, STATUS, TAINTS, update } from './events.ts'

export const actions = {
  'take it in': update(({ node }, event) => ('node' in event ? newer(node, event.node) : {})),
  'take in what was written': update('api.answered', ({ node }, { object }) => newer(node, object as Node | undefined)),
  'tell that it is registered': ask((context) =>
    told(context, 'RegisteredNode', `Node ${name(context)} event: Registered Node ${name(context)} in Controller`),
  ),
  'tell that it is removed': ask((context) =>
    told(context, 'RemovingNode', `Node ${name(context)} event: Removing Node ${name(context)} from Controller`),
  ),
  'tell that it is not ready': ask((context) =>
    told(context, 'NodeNotReady', `Node ${name(context)} status is now: NodeNotReady`),
  ),
  'note its pods': update('heartbeat.stopped', (_, { pods }) => ({ pods: mistakenlyReady(pods), tries: 0 })),
  'note the pods': update('pods.mistaken', (_, { pods }) => ({ pods: mistakenlyReady(pods) })),
  'note that it is unmarked': update(() => ({ unmarked: true })),
  'ask to be told again': decide(({ monitor, node }) => [
    { unmarked: false },
    [send(monitor, { type: 'pods.unmarked', node: node.metadata.name } satisfies PodsUnmarked)],
  ]),
  'note the pod': update('pod.mistaken', ({ pods }, { pod }) => ({ pods: [...pods, pod] })),
  'write that nothing is heard': ask(({ apiserver, user, node }, _, { at }) =>
    call(apiserver, replace(user, placeOf('nodes', node, 'status'), unheardOf(node, at)), STATUS),
  ),
  'count the try': update(({ tries }) => ({ tries: tries + 1 })),
  'read it again': ask(({ apiserver, user, node }) => call(apiserver, get(user, placeOf('nodes', node)), STATUS)),
  'mark the next pod': ask(({ apiserver, user, pods }, _, { at }) => {
    const pod = pods[0] as Pod
    return call(apiserver, replace(user, placeOf('pods', pod, 'status'), notReady(pod, at)), POD)
  }),
  'tell that its node is not ready': ask((context) =>
    tell(context, context.pods[0] as Pod, 'Warning', 'NodeNotReady', 'Node is not ready'),
  ),
  'strike the pod off': update(({ pods }) => ({ pods: pods.slice(1) })),
  'stop waiting for the status': ask(() => hangUp(STATUS)),
  'stop waiting for the pod': ask(() => hangUp(POD)),
  'taint it by its state': update(() => ({ execution: 'by state' as const })),
  'remove its NoExecute taints': update(() => ({ execution: 'none' as const })),
  'patch the taints': ask(({ apiserver, user, node, execution }, _, { at }) => {
    const taints = nextTaints(node, execution, at) ?? []
    return call(apiserver, patch(user, placeOf('nodes', node), 'strategic', taintPatch(node, taints)), TAINTS)
  }),
  'read it for its taints': ask(({ apiserver, user, node }) =>
    call(apiserver, get(user, placeOf('nodes', node)), TAINTS),
  ),
  'count the conflict': update(({ conflicts }) => ({ conflicts: conflicts + 1 })),
  'leave the taints': update(() => ({ execution: 'as it is' as const, conflicts: 0 })),
  'stop waiting for the taints': ask(() => hangUp(TAINTS)),
  'patch the labels': ask(({ apiserver, user, node }) =>
    call(
      apiserver,
      patch(user, placeOf('nodes', node), 'strategic', { metadata: { labels: missingLabels(node) } }),
      LABELS,
    ),
  ),
  'stop waiting for the labels': ask(() => hangUp(LABELS)),
}

const name = ({ node }: Context): string => node.metadata.name

/** An answer may be older than what the cache has shown since, and the cache older than an answer. */
function newer(known: Node, answered: Node | undefined): Partial<Context> {
  if (answered === undefined) return {}
  const isOlder = Number(answered.metadata.resourceVersion) < Number(known.metadata.resourceVersion)
  return isOlder ? {} : { node: answered }
}

/** RecordNodeEvent: about the node by name and uid alone. */
function told({ recorder, node }: Context, reason: string, message: string) {
  const { name, uid } = node.metadata
  const about = { apiVersion: 'v1', kind: 'Node', name, ...(uid === undefined ? {} : { uid }) }
  return send(recorder, { type: 'event.happened', about, kind: 'Normal', reason, message } satisfies EventHappened)
}

/** PatchNodeTaints: the whole list, for the version that it was made of. */
const taintPatch = ({ metadata }: Node, taints: readonly unknown[]) => ({
  metadata: { resourceVersion: metadata.resourceVersion },
  spec: { taints: taints.length === 0 ? null : taints },
})
