/** Who may do what. Roles are not evaluated: the components may all they ask for, everybody else nothing. */
import type { ApiRequest, Status, User } from '../protocol/api.ts'
import { forbidden } from './statuses.ts'

const SUPERUSERS = 'system:masters'
/** The users and groups that kube-apiserver's own bootstrap roles serve, and the add-on that a cluster has by default. */
const COMPONENTS = [
  'system:kube-controller-manager',
  'system:kube-scheduler',
  'system:kube-proxy',
  'system:apiserver',
  'system:serviceaccount:kube-flannel:flannel',
]
const COMPONENT_GROUPS = ['system:nodes', 'system:serviceaccounts:kube-system']
const SERVICE_ACCOUNTS_OF_COMPONENTS = 'system:serviceaccount:kube-system:'

export const isAuthenticated = ({ name }: User): boolean => name !== ''

export const may = ({ name, groups }: User): boolean =>
  groups.includes(SUPERUSERS) ||
  COMPONENTS.includes(name) ||
  name.startsWith(SERVICE_ACCOUNTS_OF_COMPONENTS) ||
  groups.some((group) => COMPONENT_GROUPS.includes(group))

/** responsewriters.Forbidden: what the user cannot do, and where. */
export function refusedTo({ user, verb, resource, subresource, namespace, name }: ApiRequest): Status {
  const dot = resource.indexOf('.')
  const plural = dot < 0 ? resource : resource.slice(0, dot)
  const group = dot < 0 ? '' : resource.slice(dot + 1)
  const what = subresource === undefined ? plural : `${plural}/${subresource}`
  const inNamespace = resource === 'namespaces' ? name : namespace
  const where = inNamespace === undefined ? 'at the cluster scope' : `in the namespace "${inNamespace}"`
  const why = `User "${user.name}" cannot ${verb} resource "${what}" in API group "${group}" ${where}`
  return forbidden(resource, verb === 'create' && subresource === undefined ? undefined : name, why)
}
