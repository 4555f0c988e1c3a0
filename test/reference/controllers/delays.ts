/** Delays as they are measured in any story, recorded or ours, by the name of what was waited for. */
import type { Json, Life, Story, Trace, Version } from './trace.ts'

/** `--kube-api-qps`, `--kube-api-burst` */
export const CLIENT = { perSecond: 20, burst: 30 }

/** Seconds: of a delay, or of an instant where the beginning is known. */
export type Measured = ReadonlyMap<string, number>

/** When a value of an object changed, and to what. */
function turns(life: Life, value: (object: Json) => string | undefined): readonly { t: number; value: string }[] {
  const list: { t: number; value: string }[] = []
  let before: string | undefined
  for (const { t, type, object } of life) {
    const now = type === 'DELETED' ? 'deleted' : value(object)
    if (now !== undefined && now !== before) list.push({ t, value: now })
    before = now ?? before
  }
  return list
}
interface Shown {
  readonly kind: string
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string }
  readonly spec?: Json
  readonly status?: Json & { readonly conditions?: readonly Readonly<Record<string, string>>[] }
}
const shown = (life: Life): Shown => (life[0] as Version).object as unknown as Shown
const nameOf = (life: Life): string => `${shown(life).kind}/${shown(life).metadata.name}`
const conditionOf = (object: Json, type: string): Readonly<Record<string, string>> | undefined =>
  (object as unknown as Shown).status?.conditions?.find((each) => each['type'] === type)
/** By name and value, counted where one comes again; of equals (`<rand>`) in order of time. */
function numbered(all: readonly (readonly [name: string, seconds: number])[]): Measured {
  const counts = new Map<string, number>()
  return new Map(
    all
      .toSorted(([, a], [, b]) => a - b)
      .map(([name, seconds]) => {
        const count = (counts.get(name) ?? 0) + 1
        counts.set(name, count)
        return [`${name} #${count}`, seconds] as const
      }),
  )
}
const ofKind = ({ lives }: Story, ...kinds: readonly string[]): readonly Life[] =>
  lives.filter((life) => kinds.includes(shown(life).kind))

/** From the last progress of a Deployment until it is found to be late. */
export function deadlines(story: Story): Measured {
  return numbered(
    ofKind(story, 'Deployment').flatMap((life) => {
      const progress = turns(life, (object) => {
        const { reason, lastUpdateTime } = conditionOf(object, 'Progressing') ?? {}
        return reason === undefined ? undefined : `${reason} ${lastUpdateTime}`
      })
      return progress.flatMap(({ t, value }, i) => {
        const before = progress[i - 1]
        return before === undefined || !value.startsWith('ProgressDeadlineExceeded')
          ? []
          : [[nameOf(life), t - before.t]]
      })
    }),
  )
}

/** When who has to be ready for a while counts as available. */
export function availabilities(story: Story): Measured {
  const waiting = story.lives.filter((life) => Number(shown(life).spec?.['minReadySeconds'] ?? 0) > 0)
  return numbered(
    waiting.flatMap((life) =>
      turns(life, (object) => `${(object as unknown as Shown).status?.['availableReplicas'] ?? 0} available`).map(
        ({ t, value }) => [`${nameOf(life)} ${value}`, t] as const,
      ),
    ),
  )
}

/** Which of several equals waits longest is drawn: the first creation is compared with the first. */
export const creations = (story: Story): Measured =>
  numbered(ofKind(story, 'Pod', 'ReplicaSet').map((life) => [`${shown(life).kind} created`, (life[0] as Version).t]))

/** By how much the samples were behind the limit of 20 a second after a burst of 30: whose bucket was full is not known. */
export function arrears(entry: Json): readonly number[] {
  const times = (entry['podCreateRequests'] ?? []) as readonly number[]
  return times.map((t, i) => t - Math.max(0, (i + 1 - CLIENT.burst) / CLIENT.perSecond))
}

/** When it was told that something could not be created. */
export const failures = ({ events }: Story): Measured =>
  numbered(
    events.filter(({ reason }) => reason === 'FailedCreate').map(({ object, t }) => [`${object} FailedCreate`, t]),
  )

/** One after another, where both have as many: changes that come at once may be written as one. */
export function endpointWrites(story: Story): Measured {
  const writes = ofKind(story, 'Endpoints', 'EndpointSlice').flatMap((life) =>
    turns(life, addressesOf).map(({ t }) => [shown(life).kind, t] as const),
  )
  const counted = (kind: string): number => writes.filter(([of]) => of === kind).length
  return numbered(writes.map(([kind, t]) => [`${kind} written, of ${counted(kind)}`, t]))
}
/** How many addresses are ready and how many are not. */
function addressesOf(object: Json): string {
  const { subsets = [], endpoints } = object as unknown as {
    readonly subsets?: readonly {
      readonly addresses?: readonly unknown[]
      readonly notReadyAddresses?: readonly unknown[]
    }[]
    readonly endpoints?: readonly { readonly conditions?: { readonly ready?: boolean } }[] | null
  }
  const ready = (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false).length
  const listed = subsets.reduce((sum, { addresses = [] }) => sum + addresses.length, ready)
  const unlisted = subsets.reduce((sum, { notReadyAddresses = [] }) => sum + notReadyAddresses.length, 0)
  return `${listed} ready, ${unlisted + (endpoints ?? []).length - ready} not`
}

/** From the deletion that was asked for until an object is gone. */
export function collections(story: Story, { steps }: Trace): Measured {
  const asked = steps.filter(({ op }) => op === 'delete').map(({ t }) => t)
  return numbered(
    story.lives.flatMap((life) => {
      const last = life.at(-1) as Version
      const since = asked.findLast((t) => t <= last.t)
      return last.type !== 'DELETED' || since === undefined
        ? []
        : [[`${nameOf(life)} is gone`, last.t - since] as const]
    }),
  )
}
export function latencies(entry: Json): readonly number[] {
  return Object.values(entry).flatMap((each) => {
    const { changes, steps } = each as {
      changes?: readonly [number, string, string][]
      steps?: readonly [number, string][]
    }
    const asked = (steps ?? []).filter(([, op]) => op === 'delete').map(([t]) => t)
    return (changes ?? []).flatMap(([t, type]) => {
      const since = asked.findLast((at) => at <= t)
      return type !== 'DELETED' || since === undefined ? [] : [t - since]
    })
  })
}

/** From the deletion of a namespace until it is first told what is left in it, and from then until it is gone. */
export function looks(story: Story): Measured {
  return numbered(
    ofKind(story, 'Namespace').flatMap((life) => {
      const isGoing = ({ object }: Version): boolean =>
        (object as unknown as Shown).metadata.deletionTimestamp !== undefined
      const [asked, last] = [life.find(isGoing), life.at(-1)]
      const looked = life.find(({ object }) => conditionOf(object, 'NamespaceDeletionContentFailure') !== undefined)
      if (asked === undefined || looked === undefined || last === undefined) return []
      const first = [`${nameOf(life)} first look`, looked.t - asked.t] as const
      return last.type === 'DELETED' ? [first, [`${nameOf(life)} rest`, last.t - looked.t] as const] : [first]
    }),
  )
}
export function firstLooks(entry: Json): readonly number[] {
  return Object.values(entry).flatMap((each) => {
    const { deleted, statusWrites } = each as { deleted?: readonly number[]; statusWrites?: readonly number[] }
    return deleted?.[0] === undefined || statusWrites?.[0] === undefined ? [] : [statusWrites[0] - deleted[0]]
  })
}

/** What the node monitor and the eviction make of a node and its pods. */
export function nodeChanges(story: Story): Measured {
  const nodes = ofKind(story, 'Node').flatMap((life) => {
    const taints = turns(life, ({ spec }) => {
      const all = ((spec as Json | undefined)?.['taints'] ?? []) as readonly { key: string; effect: string }[]
      return `taints ${all.map(({ key, effect }) => `${key}:${effect}`).toSorted()}`
    })
    const ready = turns(life, (object) => {
      const { status, reason } = conditionOf(object, 'Ready') ?? {}
      return `Ready ${status} ${reason}`
    })
    const lost = taints.filter(({ value }, i) => isLost(value) || isLost(taints[i - 1]?.value ?? ''))
    return [...lost, ...ready.slice(1)].map(({ t, value }) => [`${nameOf(life)} ${value}`, t] as const)
  })
  return numbered([...nodes, ...deletionsIn(story)])
}
/** As soon as a node is made its own not-ready taint is taken away: that is no delay. */
const isLost = (taints: string): boolean => taints.includes('unreachable') || taints.includes('NoExecute')
const deletionsIn = (story: Story): readonly (readonly [string, number])[] =>
  ofKind(story, 'Pod').flatMap((life) =>
    turns(life, (object) =>
      (object as unknown as Shown).metadata.deletionTimestamp === undefined ? undefined : 'is to go',
    )
      .filter(({ value }) => value === 'is to go')
      .map(({ t, value }) => [`${nameOf(life)} ${value}`, t] as const),
  )

export const disposals = (story: Story): Measured =>
  numbered(
    ofKind(story, 'Pod').flatMap((life) =>
      turns(life, (object) => {
        const { deletionTimestamp } = (object as unknown as Shown).metadata
        return deletionTimestamp === undefined
          ? (conditionOf(object, 'DisruptionTarget')?.['reason'] ?? undefined)
          : undefined
      }).map(({ t, value }) => [`${nameOf(life)} ${value}`, t] as const),
    ),
  )
export const disposalSamples = (entry: Json): readonly number[] =>
  ((entry['samples'] as Json | undefined)?.['podsForceDeleted'] ?? []) as readonly number[]
