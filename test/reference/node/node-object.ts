/**
 * The Node that a kubelet registers and keeps: every write of the first minute with what it says and when, the Events
 * about the node, its Lease and the times of its renewals, and when the status was written in the first 19 minutes.
 *
 * What the kubelet draws (how long each period is, at which phase of their own loops the controllers were) is not told:
 * a few draws are tried, and that which fits best counts.
 */
import { join } from 'node:path'
import { type Family, type Judgement, result } from '../family.ts'
import { jsonOf } from '../folder.ts'
import { type Json, unlike } from './matching.ts'
import { type Began, begun, type Made, type Told, type Write, withoutNode } from './registration.ts'

export interface Recorded {
  readonly registration: readonly Write[]
  readonly events: readonly Told[]
  readonly lease: {
    readonly object: Json
    readonly renewals_t: readonly number[]
    readonly intervals: readonly number[]
  }
  readonly nodeStatusWrites_t: readonly number[]
}

const FAMILY = 'node-object/registration'
const SEEDS = [1, 2, 3, 4]
/** The loop of the node life-cycle controller comes round every 5 s. */
const PHASES_MS = [0, 500, 1_000, 1_500, 2_000, 2_500, 3_000, 3_500, 4_000, 4_500]
/** Of a minute, writes and Events; no timer is involved but those of the controller. */
const SECONDS = 0.5
const REGISTRATION_SECONDS = 60
const REPORT_SECONDS = 300
/** Thirty looks, each up to 0.4 s late: their sum varies so much. */
const REPORT_SPREAD_SECONDS = 1
/** A period of the status loop, and of the cache of images, with the jitter of the first. */
const LOOK_SECONDS = [10, 10.4] as const
const IMAGES_SECONDS = 30
/** So long before a write that told of others its images had changed. */
const BEFORE_SECONDS = 15

export const nodeObject: Family = {
  area: 'node',
  family: FAMILY,
  judge(folder) {
    const recorded = jsonOf<Recorded>(join(folder, 'node/node-object/registration.json'))
    return recorded === undefined ? undefined : result('node', FAMILY, best(recorded))
  },
}

/** The paths of the kubelet's own server. */
export const kubeletEndpoints: Family = {
  area: 'node',
  family: 'node-object/kubelet-endpoints',
  judge(folder) {
    const all = jsonOf<Readonly<Record<string, unknown>>>(join(folder, 'node/node-object/kubelet-endpoints.json'))
    if (all === undefined) return undefined
    const judgements = Object.keys(all).map((name) => ({
      name,
      differences: [],
      waitsFor: 'port 10250 of the kubelet',
    }))
    return result('node', 'node-object/kubelet-endpoints', judgements)
  },
}

const wrong = (all: readonly Judgement[]): number => all.filter(({ differences }) => differences.length > 0).length

function best(recorded: Recorded): readonly Judgement[] {
  let least: readonly Judgement[] | undefined
  for (const ours of plays(recorded)) {
    const found = judged(ours, recorded)
    if (least === undefined || wrong(found) < wrong(least)) least = found
    if (wrong(least) === 0) break
  }
  return least ?? []
}

/** First the phase is found by the first minute, then draws are tried for the rest. */
export function* plays(recorded: Recorded): Generator<Began> {
  const made = madeAs(recorded)
  const pulls = changesOf(recorded.nodeStatusWrites_t).map((t) => t - BEFORE_SECONDS)
  const end = Math.max(...recorded.nodeStatusWrites_t, ...recorded.lease.renewals_t, REGISTRATION_SECONDS) + 12
  for (const seed of SEEDS) {
    const ready = withoutNode(seed, made)
    const tried = PHASES_MS.map((phase) => {
      const cluster = ready.fork()
      cluster.run(`${phase}ms`)
      const found = [...written(begun(cluster.fork(), [], REGISTRATION_SECONDS), recorded)]
      return { cluster, wrong: wrong(found) }
    })
    const [first] = tried.toSorted((a, b) => a.wrong - b.wrong)
    if (first !== undefined) yield begun(first.cluster, pulls, end)
  }
}

function madeAs({ registration, events }: Recorded): Made {
  const node = registration[0]?.object as unknown as {
    readonly metadata: { readonly labels: Readonly<Record<string, string>> }
    readonly status: { readonly capacity: Readonly<Record<string, string>> }
  }
  const isOwn = (key: string): boolean => !/^(beta\.)?kubernetes\.io\//.test(key)
  const labels = Object.fromEntries(Object.entries(node.metadata.labels).filter(([key]) => isOwn(key)))
  return { capacity: node.status.capacity, labels, cgroups: events.some(({ reason }) => reason === 'CgroupV1') ? 1 : 2 }
}

export function judged(ours: Began, recorded: Recorded): readonly Judgement[] {
  return [...written(ours, recorded), ...leased(ours, recorded), ...reported(ours, recorded)]
}

/** The writes and Events of the first minute, one by one, and in order. */
function* written(ours: Began, { registration, events }: Recorded): Generator<Judgement> {
  const mine = ours.writes.filter(({ t }) => t < REGISTRATION_SECONDS)
  for (let i = 0; i < Math.max(mine.length, registration.length); i++) {
    const [a, b] = [mine[i], registration[i]]
    yield { name: `write ${i + 1}`, differences: writesDiffer(a, b) }
  }
  const told = ours.events.filter(({ t }) => t < REGISTRATION_SECONDS)
  for (let i = 0; i < Math.max(told.length, events.length); i++)
    yield { name: `event ${i + 1} ${(events[i] ?? told[i])?.reason}`, differences: eventsDiffer(told[i], events[i]) }
}
function writesDiffer(a: Write | undefined, b: Write | undefined): readonly string[] {
  if (a === undefined || b === undefined) return [`${shown(a)} is not ${shown(b)}`]
  const about = a.op === b.op ? [] : [`${a.op} is not ${b.op}`]
  return [...about, ...late(a.t, b.t, SECONDS), ...unlike(a.object, b.object), ...unlike(a.patch, b.patch)]
}
function eventsDiffer(a: Told | undefined, b: Told | undefined): readonly string[] {
  if (a === undefined || b === undefined) return [`${shown(a)} is not ${shown(b)}`]
  const fields = ['component', 'type', 'reason', 'message'] as const
  return [...fields.flatMap((field) => unlike(a[field], b[field], field)), ...late(a.t, b.t, SECONDS)]
}
const late = (ours: number, theirs: number, seconds: number): readonly string[] =>
  Math.abs(ours - theirs) <= seconds ? [] : [`comes at ${ours.toFixed(2)} s, not at ${theirs.toFixed(2)} s`]
const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 200))

/** The lease as it was made and as it is renewed: each period is drawn, the bounds of all and their mean are not. */
function leased({ leases }: Began, { lease }: Recorded): readonly Judgement[] {
  const [made, ...renewed] = leases
  const last = lease.renewals_t.at(-1) ?? 0
  const times = renewed.map(({ t }) => t).filter((t) => t <= last + 1)
  const mine = times.slice(1).map((t, i) => t - (times[i] as number))
  const theirs = lease.intervals
  const bounds = [Math.min(...theirs) - 0.1, Math.max(...theirs) + 0.1] as const
  const outside = mine.filter((interval) => interval < bounds[0] || interval > bounds[1])
  const count = lease.renewals_t.length
  return [
    {
      name: 'lease made',
      differences:
        made === undefined ? ['nothing'] : [...unlike(made.object, lease.object), ...late(made.t, 0, SECONDS)],
    },
    { name: 'lease first renewed', differences: late(times[0] ?? 0, lease.renewals_t[0] ?? 0, SECONDS) },
    {
      name: 'lease renewed again and again',
      differences: [
        ...outside.map((interval) => `${interval.toFixed(2)} s lies not within ${bounds}`),
        ...(Math.abs(mean(mine) - mean(theirs)) <= 0.1 ? [] : [`mean ${mean(mine)} s is not ${mean(theirs)} s`]),
        ...(Math.abs(times.length - count) <= 1 ? [] : [`${times.length} times are not ${count}`]),
        // The times and the periods of the recording are the same.
        ...theirs.flatMap((interval, i) =>
          late((lease.renewals_t[i + 1] ?? 0) - (lease.renewals_t[i] ?? 0), interval, 0.11),
        ),
      ],
    },
  ]
}
const mean = (all: readonly number[]): number => all.reduce((sum, each) => sum + each, 0) / Math.max(1, all.length)

/** The times at which something was written after the first minute; before, each write is compared. */
const laterOf = (times: readonly number[]): readonly number[] => times.filter((t) => t >= REGISTRATION_SECONDS)
/** Of those, the ones that did not come because 5 minutes had gone by: the node had pulled images. */
function changesOf(times: readonly number[]): readonly number[] {
  return times.filter((t, i) => t >= REGISTRATION_SECONDS && t - (times[i - 1] ?? 0) < REPORT_SECONDS)
}

/**
 * A report after 5 minutes comes when ours does. One that tells of images is within a look of ours, whose images were
 * pulled before it; and all lie on the looks of the status loop, which come 10.0 to 10.4 s apart.
 */
function reported({ writes }: Began, { nodeStatusWrites_t: all }: Recorded): readonly Judgement[] {
  const mine = laterOf(writes.map(({ t }) => t))
  const theirs = laterOf(all)
  const changes = new Set(changesOf(all))
  return Array.from({ length: Math.max(mine.length, theirs.length) }, (_, i) => {
    const [a, b] = [mine[i], theirs[i]]
    const name = `status written again ${i + 1}`
    if (a === undefined || b === undefined) return { name, differences: [`${shown(a)} is not ${shown(b)}`] }
    const before = all[all.indexOf(b) - 1] ?? 0
    const seconds = changes.has(b) ? IMAGES_SECONDS + LOOK_SECONDS[1] - BEFORE_SECONDS : REPORT_SPREAD_SECONDS
    return { name, differences: [...late(a, b, seconds), ...offLooks(b - before)] }
  })
}
function offLooks(gap: number): readonly string[] {
  const [least, most] = LOOK_SECONDS
  const looks = Math.ceil((gap - 0.2) / most)
  return looks * least <= gap + 0.2 ? [] : [`${gap.toFixed(1)} s after the one before is no whole number of looks`]
}
