/** Nothing is made in a namespace that does not exist or is going: plugin/namespace/lifecycle. */
import type { Namespace } from '../../protocol/objects.ts'
import { refuse } from '../registry/attempt.ts'
import { forbidden, notFound } from '../statuses.ts'
import { cacheOf } from '../watch-cache.ts'
import type { Plugin } from './plugin.ts'

export const namespaceLifecycle: Plugin = ({ request, facts, cache, found }, object) => {
  const name = request.namespace
  if (request.verb !== 'create' || request.subresource !== undefined || !facts.namespaced || name === undefined)
    return object
  const namespace = found.namespace ?? cacheOf(cache, 'namespaces').objects.get(name)
  if (namespace === undefined && found.namespace === undefined)
    return { does: 'lookUp', what: 'namespace', resource: 'namespaces', key: name }
  if (namespace === undefined || namespace === null) return refuse(notFound('namespaces', name))
  if ((namespace as Namespace).status?.phase !== 'Terminating' && namespace.metadata.deletionTimestamp === undefined)
    return object
  const why = `unable to create new content in namespace ${name} because it is being terminated`
  return refuse(
    forbidden(facts.name, object.metadata.name || object.metadata.generateName || request.name, why, [
      terminating(name),
    ]),
  )
}
const terminating = (namespace: string) => ({
  reason: 'NamespaceTerminating',
  message: `namespace ${namespace} is being terminated`,
  field: 'metadata.namespace',
})
