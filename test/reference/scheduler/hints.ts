/** What may help a waiting pod: the cluster events derived from a change, and what each plugin says of each pod. */
import type { ApiObject, Node, Pod } from '../../../machines/protocol/objects.ts'
import type { Cache } from '../../../machines/scheduler/cache.ts'
import {
  assignedPodEvents,
  type ClusterEvent,
  INTERESTED,
  nodeEvents,
  STORAGE_KINDS,
  storageEvents,
  waitingPodEvents,
} from '../../../machines/scheduler/cluster-events.ts'
import { hopes } from '../../../machines/scheduler/hints.ts'
import { podInfoOf } from '../../../machines/scheduler/pod-info.ts'
import { cases, type Family } from '../family.ts'
import { admitted, cacheOf, type Recorded, recordsOf } from './records.ts'

interface Change {
  readonly kind: string
  readonly old?: ApiObject
  readonly new?: ApiObject
}
interface Hinted {
  readonly clusterEvents?: readonly string[]
  readonly hints?: Readonly<Record<string, Readonly<Record<string, { queue?: string[]; skip?: string[] }>>>>
}
interface HintRecord extends Recorded {
  readonly events: readonly Change[]
}
/** Plugins that are modelled. */
const OURS = Object.values(INTERESTED).flat()

export const hints: Family = cases(
  'scheduler',
  'cases/hints',
  (folder) => recordsOf<HintRecord>(folder, 'hints'),
  (record) => ({ name: record.name, differences: differencesIn(record) }),
)

function differencesIn(record: HintRecord): readonly string[] {
  const cache = cacheOf(record)
  const answers = record.expect as unknown as readonly Hinted[]
  return record.events.flatMap((change, i) => {
    const expected =
      answers[i]?.clusterEvents?.filter((event) => (INTERESTED[event as ClusterEvent] ?? []).length > 0) ?? []
    const ours = derived(change)
    const wrong =
      JSON.stringify([...ours].sort()) === JSON.stringify([...expected].sort()) ? [] : [`${ours} is not ${expected}`]
    return [...wrong, ...hopesIn(record, change, answers[i]?.hints ?? {}, cache)].map((text) => `event ${i}: ${text}`)
  })
}

function hopesIn(
  { pods }: HintRecord,
  change: Change,
  hints: NonNullable<Hinted['hints']>,
  cache: Cache,
): readonly string[] {
  const [was, now] = [defaulted(change.old), defaulted(change.new)]
  return Object.entries(hints).flatMap(([label, answers]) => {
    if (!(label in INTERESTED)) return []
    const event = label as ClusterEvent
    return Object.entries(answers).flatMap(([name, { queue = [], skip = [] }]) => {
      const pod = pods.find(({ metadata }) => metadata.name === name.split('/').at(-1))
      const waiting = podInfoOf(admitted(pod as Pod))
      return [...queue, ...skip]
        .filter((one) => OURS.includes(one))
        .flatMap((plugin) => {
          const hope = INTERESTED[event].includes(plugin) && hopes(plugin, waiting, { event, was, now }, cache)
          return hope === queue.includes(plugin) ? [] : [`${label} ${name} ${plugin}: ${hope}`]
        })
    })
  })
}

function defaulted(object: ApiObject | undefined): Node | Pod | undefined {
  if (object === undefined) return undefined
  if ('containers' in ((object as Pod).spec ?? {})) return admitted(object as Pod)
  return { ...object, metadata: { namespace: 'default', ...object.metadata } } as Node
}

/** The model's own cluster events of a change. */
function derived({ kind, old, new: now }: Change): readonly ClusterEvent[] {
  if (kind === 'Node' && old !== undefined && now !== undefined) return nodeEvents(old as Node, now as Node)
  if (kind === 'Node') return [now === undefined ? 'NodeDelete' : 'NodeAdd']
  const storage = Object.values(STORAGE_KINDS).find(
    (one) => one.endsWith(kind) && one.slice(0, -kind.length).match(/^$|\/$/),
  )
  if (storage !== undefined) return storageEvents(storage, { key: '', was: old, now }).map(({ event }) => event)
  if (kind !== 'Pod') return []
  const [was, is] = [defaulted(old) as Pod | undefined, defaulted(now) as Pod | undefined]
  if (was !== undefined && is !== undefined)
    return is.spec.nodeName === undefined ? waitingPodEvents(was, is) : assignedPodEvents(was, is)
  return [is === undefined ? 'AssignedPodDelete' : 'AssignedPodAdd']
}
