/** The arithmetic: what a lighthouse and its keepers need, from what is known of them. */
import { type ApiObject, kit, type Pod, requests, type User, type View } from '../../../machines/index.ts'
import { LIGHTHOUSES, type Lighthouse, type Phase } from './lighthouse.ts'

/** How a keeper gets a name. `numbered` is the planted mistake: see README.md. */
export type Naming = 'numbered' | 'one name'

/** One sync: hire a keeper when there is none, and say in the status how things stand. */
export function wanted(view: View, key: string, user: User, naming: Naming): kit.Decision {
  const lighthouse = view[LIGHTHOUSES]?.objects.get(key) as Lighthouse | undefined
  if (lighthouse === undefined) return { gone: true }
  const keepers = keepersOf(view.pods?.by.owner?.get(lighthouse.metadata.uid ?? '')?.values() ?? [])
  const phase = keepers.some(kit.isReady) ? 'Lit' : 'Hiring'
  return {
    writes: [
      ...(keepers.length === 0 ? [hire(lighthouse, user, naming)] : []),
      ...(phase === lighthouse.status?.phase ? [] : [report(lighthouse, user, phase)]),
    ],
  }
}

/** Those at work or on their way to it. */
export const keepersOf = (pods: readonly ApiObject[]): readonly Pod[] => (pods as readonly Pod[]).filter(kit.isActive)

function hire(lighthouse: Lighthouse, user: User, naming: Naming): kit.Write {
  const { name, namespace } = lighthouse.metadata
  const named = naming === 'one name' ? { name: `${name}-keeper` } : { name: '', generateName: `${name}-keeper-` }
  const keeper = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...named, namespace, ownerReferences: [kit.controllerReference(lighthouse)] },
    spec: { containers: [{ name: 'lamp', image: lighthouse.spec.lamp }] },
  }
  const request = requests.create(user, { resource: 'pods', namespace, name: named.name }, keeper)
  // There already: the cache is behind, and will be told.
  return { request, unless: ['AlreadyExists'] }
}

const report = (lighthouse: Lighthouse, user: User, phase: Phase): kit.Write => ({
  request: requests.patch(user, requests.placeOf(LIGHTHOUSES, lighthouse, 'status'), 'merge', { status: { phase } }),
  unless: ['NotFound'],
})
