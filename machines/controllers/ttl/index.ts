/** Tells kubelets by an annotation how old their copies of Secrets may be (pkg/controller/ttl). */
import { patch } from '../../lib/requests.ts'
import type { Node } from '../../protocol/objects.ts'
import type { Controller } from '../kit/controller.ts'
import { type Listed, supervised } from '../kit/listed.ts'
import { objectMachine } from '../kit/object.ts'
import { TTL, wantedTtl } from './wanted.ts'

export const nodeTtl = objectMachine({
  id: 'node-ttl',
  decide: (view, key, { user }) => {
    const node = view.nodes?.objects.get(key)
    if (node === undefined) return { gone: true }
    const ttl = wantedTtl(node, view.nodes?.objects.size ?? 0)
    if (ttl === undefined) return {}
    const body = { metadata: { annotations: { [TTL]: ttl } } }
    return { writes: [{ request: patch(user, { resource: 'nodes', name: key }, 'strategic', body) }] }
  },
})

export const ttlController: Controller = {
  name: 'ttl',
  resource: 'nodes',
  object: 'node-ttl',
  workers: 5,
  caches: [{ resource: 'nodes' }],
  // A node is looked at when it changes, as in the real one; the growth of the cluster alone touches nobody.
  concerns: (_, { key, now }, view) =>
    now === undefined || wantedTtl(now as Node, view.nodes?.objects.size ?? 0) !== undefined ? [key] : [],
}
export const ttl: Listed = supervised(ttlController, nodeTtl)
