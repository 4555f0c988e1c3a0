/**
 * The arithmetic of a fleet, from what is known of it to the next thing to do. A fleet is a ConfigMap: so many ships at
 * sea at a time, so many voyages in all. A ship is a pod that runs to its end; each voyage has a ship of its own.
 */
import type { V1ConfigMap, V1Pod } from '@kubernetes/client-node'

export type Step =
  | { readonly do: 'nothing' }
  | { readonly do: 'scrap'; readonly ship: string }
  /** First the log book, then the ship: so that no voyage is made twice. */
  | { readonly do: 'sail'; readonly voyage: number }
  | { readonly do: 'come home' }

const VOYAGES = 'fleet/voyages'
const HOME = 'fleet/home'

/** @param ships those of this fleet */
export function nextStep(fleet: V1ConfigMap, ships: readonly V1Pod[]): Step {
  const { ships: most = '1', voyages = '1' } = fleet.data ?? {}
  const done = ships.find(hasArrived)
  if (done !== undefined) return { do: 'scrap', ship: done.metadata?.name ?? '' }
  const sailed = voyagesOf(fleet)
  if (ships.length < Number(most) && sailed < Number(voyages)) return { do: 'sail', voyage: sailed + 1 }
  if (ships.length === 0 && !isHome(fleet)) return { do: 'come home' }
  return { do: 'nothing' }
}

/** At the end of its voyage, and nobody has told it to go. */
const hasArrived = ({ metadata, status }: V1Pod): boolean =>
  (status?.phase === 'Succeeded' || status?.phase === 'Failed') && metadata?.deletionTimestamp === undefined

export const voyagesOf = ({ metadata }: V1ConfigMap): number => Number(metadata?.annotations?.[VOYAGES] ?? 0)
export const isHome = ({ metadata }: V1ConfigMap): boolean => metadata?.annotations?.[HOME] === 'true'

export const logged = (fleet: V1ConfigMap, voyage: number): V1ConfigMap => annotated(fleet, VOYAGES, String(voyage))
export const cameHome = (fleet: V1ConfigMap): V1ConfigMap => annotated(fleet, HOME, 'true')

const annotated = (fleet: V1ConfigMap, key: string, value: string): V1ConfigMap => ({
  ...fleet,
  metadata: { ...fleet.metadata, annotations: { ...fleet.metadata?.annotations, [key]: value } },
})

export function shipFor({ metadata, data }: V1ConfigMap, voyage: number): V1Pod {
  const name = metadata?.name ?? ''
  const command = ['sh', '-c', data?.['voyage'] ?? 'true']
  return {
    metadata: { name: `${name}-${voyage}`, labels: { fleet: name } },
    spec: { restartPolicy: 'Never', containers: [{ name: 'crew', image: 'busybox', command }] },
  }
}
