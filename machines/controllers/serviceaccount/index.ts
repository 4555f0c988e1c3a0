/** Every active namespace has a ServiceAccount `default` (pkg/controller/serviceaccount/serviceaccounts_controller.go). */
import { create } from '../../lib/requests.ts'
import type { View } from '../../protocol/cache.ts'
import type { Namespace } from '../../protocol/objects.ts'
import type { Controller } from '../kit/controller.ts'
import { type Listed, supervised } from '../kit/listed.ts'
import { objectMachine } from '../kit/object.ts'

const NAME = 'default'

export const defaultServiceAccount = objectMachine({
  id: 'default-service-account',
  decide: (view, key, { user }) => {
    const namespace = view.namespaces?.objects.get(key)
    if (namespace === undefined) return { gone: true }
    if (!isActive(namespace) || isThere(view, key)) return {}
    const body = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: NAME, namespace: key } }
    const request = create(user, { resource: 'serviceaccounts', namespace: key, name: NAME }, body)
    return { writes: [{ request, unless: ['AlreadyExists'] }] }
  },
})

export const serviceAccountController: Controller = {
  name: 'serviceaccount',
  component: 'service-account-controller',
  serviceAccount: 'service-account-controller',
  resource: 'namespaces',
  object: 'default-service-account',
  workers: 1,
  caches: [{ resource: 'namespaces' }, { resource: 'serviceaccounts' }],
  concerns: (resource, { key, was, now }, view) => {
    if (resource === 'namespaces')
      return now === undefined || (isActive(now as Namespace) && !isThere(view, key)) ? [key] : []
    const isLost = now === undefined && was?.metadata.name === NAME && was.metadata.namespace !== undefined
    return isLost ? [was.metadata.namespace as string] : []
  },
}
export const serviceAccounts: Listed = supervised(serviceAccountController, defaultServiceAccount)

const isActive = ({ status }: Namespace): boolean => status?.phase === 'Active'
const isThere = (view: View, namespace: string): boolean =>
  view.serviceaccounts?.objects.has(`${namespace}/${NAME}`) === true
