/** Controllers that keep one ConfigMap beside every Namespace but the system's: a good one, and several with a mistake. */
import type { Exam } from '../../../../../machines/cluster/examination/exam.ts'
import type { Controller } from '../../../../../machines/controllers/kit/controller.ts'
import { type Listed, supervised } from '../../../../../machines/controllers/kit/listed.ts'
import { type Decision, objectMachine, type Write } from '../../../../../machines/controllers/kit/object.ts'
import { create, patch } from '../../../../../machines/lib/requests.ts'
import type { User } from '../../../../../machines/protocol/api.ts'
import type { View } from '../../../../../machines/protocol/cache.ts'
import { deletes, makes, object } from '../../../../examination/objects.ts'

type Decide = (view: View, namespace: string, user: User) => Decision

function toy(name: string, decide: Decide, concerns?: Controller['concerns']): Listed {
  const controller: Controller = {
    ...{ name, resource: 'namespaces', object: `${name}-object`, workers: 1 },
    caches: [{ resource: 'namespaces' }, { resource: 'configmaps', indexes: ['namespace'] }],
    concerns:
      concerns ??
      ((resource, { key, was, now }) => (resource === 'namespaces' ? [key] : [(now ?? was)?.metadata.namespace ?? ''])),
  }
  return supervised(
    controller,
    objectMachine({ id: `${name}-object`, decide: (view, key, { user }) => decide(view, key, user) }),
  )
}

const isOwn = (namespace: string): boolean => namespace === 'shop'
const keptIn = (view: View, namespace: string) =>
  (view['configmaps']?.by.namespace?.get(namespace)?.values() ?? []).filter(({ metadata }) =>
    metadata.name.startsWith('kept'),
  )
const there = (view: View, namespace: string): boolean => view['namespaces']?.objects.get(namespace) !== undefined

const keeping = (namespace: string, user: User, metadata: object): Write => ({
  request: create(
    user,
    { resource: 'configmaps', namespace, name: (metadata as { name?: string }).name ?? '' },
    {
      ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, ...metadata } },
    },
  ),
  unless: ['AlreadyExists'],
})
const touching = (namespace: string, name: string, user: User): Write => ({
  request: patch(user, { resource: 'configmaps', namespace, name }, 'merge', { data: { touched: 'yes' } }),
})

const wanted = (namespace: string, view: View): boolean => isOwn(namespace) && there(view, namespace)

export const good = toy('good', (view, namespace, user) =>
  wanted(namespace, view) && keptIn(view, namespace).length === 0
    ? { writes: [keeping(namespace, user, { name: 'kept' })] }
    : {},
)
/** Writes whatever it sees. */
export const restless = toy('restless', (view, namespace, user) => {
  if (!wanted(namespace, view)) return {}
  const [kept] = keptIn(view, namespace)
  return {
    writes: [
      kept === undefined ? keeping(namespace, user, { name: 'kept' }) : touching(namespace, kept.metadata.name, user),
    ],
  }
})
/** Relies on its cache to know what it has made. */
export const forgetful = toy('forgetful', (view, namespace, user) =>
  wanted(namespace, view) && keptIn(view, namespace).length === 0
    ? { writes: [keeping(namespace, user, { generateName: 'kept-' })] }
    : {},
)
/** Counts what it is told instead of looking at what is there. */
export const counting = toy(
  'counting',
  (view, namespace, user) => {
    if (!wanted(namespace, view)) return {}
    const [kept] = keptIn(view, namespace) as { readonly data?: { readonly count?: string } }[]
    const data = { count: String(Number(kept?.data?.count ?? 0) + 1) }
    const place = { resource: 'configmaps', namespace, name: 'kept' }
    if (kept === undefined) return { writes: [keeping(namespace, user, { name: 'kept' })] }
    return { writes: [{ request: patch(user, place, 'merge', { data }) }] }
  },
  (resource, { key }) => (resource === 'namespaces' ? [key] : []),
)
/** Writes in two steps, and takes the first for both. */
export const halfDone = toy('half-done', (view, namespace, user) => {
  if (!wanted(namespace, view) || keptIn(view, namespace).length > 0) return {}
  return { writes: [keeping(namespace, user, { name: 'kept' }), touching(namespace, 'kept', user)] }
})

export const examOf = (controller: Listed, holds?: Exam['holds']): Exam => ({
  controller,
  acts: [
    makes('namespaces', object('v1', 'Namespace', 'shop')),
    deletes({ resource: 'configmaps', namespace: 'shop', name: 'kept' }, (cluster) =>
      cluster.get('configmaps', 'shop').some(({ metadata }) => metadata.name === 'kept'),
    ),
  ],
  wanted: 'there is one map in the shop',
  holds: holds ?? ((cluster) => cluster.get('configmaps', 'shop').length === 1),
})
