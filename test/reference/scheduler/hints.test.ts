/** What may help a waiting pod: the cluster events derived from a change, and what each plugin says of each pod. */
import { describe, expect, test } from 'vitest'
import type { ApiObject, Node, Pod } from '../../../machines/protocol/objects.ts'
import {
  assignedPodEvents,
  type ClusterEvent,
  INTERESTED,
  nodeEvents,
  waitingPodEvents,
} from '../../../machines/scheduler/cluster-events.ts'
import { hopes } from '../../../machines/scheduler/hints.ts'
import { podInfoOf } from '../../../machines/scheduler/pod-info.ts'
import { admitted, cacheOf, folder, type Recorded, recordsOf } from './records.ts'

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

describe.skipIf(folder === undefined)('queueing hints (ORRERY_REFERENCE names the folder)', () => {
  test('each plugin hopes as recorded', () => {
    const misses: string[] = []
    let asked = 0
    for (const record of recordsOf<HintRecord>('hints')) {
      const cache = cacheOf(record)
      const answers = record.expect as unknown as readonly Hinted[]
      record.events.forEach((change, i) => {
        const expected = answers[i]?.clusterEvents?.filter((event) => event in INTERESTED) ?? []
        if (JSON.stringify([...derived(change)].sort()) !== JSON.stringify([...expected].sort()))
          misses.push(`${record.name} event ${i}: ${derived(change)} is not ${expected}`)
        for (const [label, pods] of Object.entries(answers[i]?.hints ?? {}))
          for (const [name, { queue = [], skip = [] }] of Object.entries(pods)) {
            if (!(label in INTERESTED)) continue
            const event = label as ClusterEvent
            const pod = record.pods.find(({ metadata }) => metadata.name === name.split('/').at(-1))
            const waiting = podInfoOf(admitted(pod as Pod))
            for (const plugin of [...queue, ...skip].filter((one) => OURS.includes(one))) {
              asked++
              const [was, now] = [defaulted(change.old), defaulted(change.new)]
              const hope = INTERESTED[event].includes(plugin) && hopes(plugin, waiting, { event, was, now }, cache)
              if (hope !== queue.includes(plugin))
                misses.push(`${record.name} event ${i} ${label} ${name} ${plugin}: ${hope}`)
            }
          }
      })
    }
    console.log(`hints: matched ${asked - misses.length} of ${asked}`)
    expect(misses).toEqual([])
  })
})

const defaulted = (object: ApiObject | undefined): Node | Pod | undefined =>
  object === undefined
    ? undefined
    : 'containers' in ((object as Pod).spec ?? {})
      ? admitted(object as Pod)
      : (object as Node)

/** The model's own cluster events of a change. */
function derived({ kind, old, new: now }: Change): readonly ClusterEvent[] {
  if (kind === 'Node' && old !== undefined && now !== undefined) return nodeEvents(old as Node, now as Node)
  if (kind === 'Node') return [now === undefined ? 'NodeDelete' : 'NodeAdd']
  if (kind !== 'Pod') return []
  const [was, is] = [defaulted(old) as Pod | undefined, defaulted(now) as Pod | undefined]
  if (was !== undefined && is !== undefined)
    return is.spec.nodeName === undefined ? waitingPodEvents(was, is) : assignedPodEvents(was, is)
  return [is === undefined ? 'AssignedPodDelete' : 'AssignedPodAdd']
}
