/**
 * In what a replay differs from its recording: points 1 to 3 of *Comparing* in the README of the recordings, and the
 * times. Both stories are in general form.
 */
import { isDistant } from './kubelet.ts'
import type { Json, Life, Story, Told, Version } from './trace.ts'

export interface Difference {
  readonly text: string
  /** By how many seconds ours came later, when that is all. */
  readonly lateBy?: number
}
const told = (text: string): Difference => ({ text })

/** @param within by how many seconds a change may come earlier or later than recorded */
export function differences(ours: Story, theirs: Story, within: number): readonly Difference[] {
  return [
    ...livesDiffer(ours, theirs, within),
    ...ordersDiffer(ours, theirs).map(told),
    ...eventsDiffer(ours.events, theirs.events).map(told),
  ]
}

/** 1 and 2: every object that was there, once, with its changes in order and its last state. */
function livesDiffer(ours: Story, theirs: Story, within: number): readonly Difference[] {
  const found: Difference[] = []
  const [mine, wanted] = [byName(ours.lives), byName(theirs.lives)]
  for (const name of new Set([...wanted.keys(), ...mine.keys()])) {
    const left = [...(mine.get(name) ?? [])]
    const missed: Life[] = []
    for (const life of wanted.get(name) ?? []) {
      const at = left.findIndex((own) => lifeDiffers(own, life, within).length === 0)
      if (at < 0) missed.push(life)
      else left.splice(at, 1)
    }
    if (isOfEquals(name) && sameFates(left, missed, within)) continue
    for (const life of missed) {
      const own = nearest(left, life)
      if (own === undefined) found.push(told(`${name}: is missing`))
      else found.push(...lifeDiffers(own, life, within).map((each) => ({ ...each, text: `${name}: ${each.text}` })))
      left.splice(left.indexOf(own as Life), own === undefined ? 0 : 1)
    }
    for (const life of left) found.push(told(`${name}: is one too many, from ${life[0]?.t.toFixed(1)} s`))
  }
  return found
}

const nameOf = (life: Life): string => {
  const { kind, metadata } = life[0]?.object as unknown as {
    kind: string
    metadata: { name: string; namespace?: string }
  }
  return [kind, metadata.namespace, metadata.name].filter((part) => part !== undefined).join('/')
}
function byName(lives: readonly Life[]): ReadonlyMap<string, readonly Life[]> {
  const groups = new Map<string, Life[]>()
  for (const life of lives) {
    const name = nameOf(life)
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [life])
    else group.push(life)
  }
  return groups
}
/**
 * Which of several equal pods goes is drawn by their uids, so a pod may have had the end of another: the beginnings and
 * the ends are compared by themselves, an end with the readiness of the pod that it met.
 */
const isOfEquals = (name: string): boolean => name.startsWith('Pod/') && name.endsWith('<rand>')
function sameFates(ours: readonly Life[], theirs: readonly Life[], within: number): boolean {
  return [beginningOf, endOf].every((part) => {
    const left = ours.map(part)
    return (
      ours.length === theirs.length &&
      theirs.map(part).every((life) => {
        const at = left.findIndex((own) => lifeDiffers(own, life, within).length === 0)
        if (at >= 0) left.splice(at, 1)
        return at >= 0
      })
    )
  })
}
const isGoing = ({ object }: Version): boolean => (object['metadata'] as Json)['deletionTimestamp'] !== undefined
const beginningOf = (life: Life): Life => life.filter((version) => !isGoing(version)).slice(0, 3)
function endOf(life: Life): Life {
  const at = life.findIndex(isGoing)
  return at < 0 ? life.slice(-1).map((last) => ({ ...last, t: 0 })) : life.slice(at)
}

/** Of those that are left the one that began at about the same time. */
const nearest = (left: readonly Life[], { 0: first }: Life): Life | undefined =>
  left.toSorted((a, b) => distance(a, first) - distance(b, first))[0]
const distance = (life: Life, first: Version | undefined): number => Math.abs((life[0]?.t ?? 0) - (first?.t ?? 0))

function lifeDiffers(ours: Life, theirs: Life, within: number): readonly Difference[] {
  const [mine, wanted] = [tracksOf(ours), tracksOf(theirs)]
  for (const [i, track] of wanted.entries()) {
    const found = trackDiffers(mine[i] ?? [], track, within)
    if (found.length > 0) return found
  }
  return [...conditionsDiffer(ours, theirs, within), ...endsDiffer(ours.at(-1), theirs.at(-1), within)]
}

function trackDiffers(ours: readonly Essential[], theirs: readonly Essential[], within: number): readonly Difference[] {
  for (let i = 0; i < Math.max(ours.length, theirs.length); i++) {
    const [a, b] = [ours[i], theirs[i]]
    if (a === undefined) return [told(`change ${i} is missing: at ${b?.t} s ${short(b?.essence)}`)]
    if (b === undefined) return [told(`change ${i} is one too many: at ${a.t.toFixed(2)} s ${short(a.essence)}`)]
    const why = valuesDiffer(a.essence, b.essence, `change ${i}`)
    if (why.length > 0) return why.map(told)
    if (isLate(a.t, b.t, within)) return [late(`change ${i}`, a.t, b.t)]
  }
  return []
}
const isLate = (ours: number, theirs: number, within: number): boolean => Math.abs(ours - theirs) > within
const late = (what: string, ours: number, theirs: number): Difference => ({
  text: `${what} comes at ${ours.toFixed(2)} s, not at ${theirs} s`,
  lateBy: ours - theirs,
})

function endsDiffer(ours: Version | undefined, theirs: Version | undefined, within: number): readonly Difference[] {
  if (ours === undefined || theirs === undefined || theirs.type === 'DELETED') return []
  const why = valuesDiffer(lastState(ours.object), lastState(theirs.object), 'finally')
  if (why.length > 0 || !isLate(ours.t, theirs.t, within)) return why.map(told)
  return [late('its last state', ours.t, theirs.t)]
}
const short = (value: unknown): string => (JSON.stringify(value) ?? '').slice(0, 160)

interface Essential {
  readonly t: number
  readonly essence: unknown
}
/**
 * The versions in which something changed that is stable from run to run: by track, where several controllers write
 * one object and none waits for another.
 */
function tracksOf(life: Life): readonly (readonly Essential[])[] {
  const kind = life[0]?.object['kind']
  return (kind === 'Node' ? NODE_TRACKS : [essenceOf]).map((part) => essentials(life, part))
}
function essentials(life: Life, part: (object: Json) => unknown): readonly Essential[] {
  const list: Essential[] = []
  let before = ''
  for (const { t, type, object } of life) {
    const essence = type === 'DELETED' ? 'deleted' : part(object)
    const text = JSON.stringify(essence)
    if (text !== before) list.push({ t, essence })
    before = text
  }
  return list
}

/**
 * What is wanted, and what holds an object. Of a pod spec only where it runs: the rest never changes and is compared at
 * the end.
 */
function essenceOf(object: Json): unknown {
  const { kind, spec, data, metadata } = object as { kind: string; spec?: Json; data?: unknown; metadata: Json }
  const { deletionTimestamp, ownerReferences, finalizers } = metadata
  const wanted = kind === 'Pod' ? { nodeName: spec?.['nodeName'] } : spec
  return ordered({ wanted, data, deletionTimestamp, ownerReferences, finalizers })
}
/** The address range of a node is another controller's than its taints. */
const NODE_TRACKS = [
  (object: Json): unknown => {
    const { podCIDR: _, podCIDRs: __, ...spec } = (object['spec'] ?? {}) as Json
    return essenceOf({ ...object, spec })
  },
  ({ spec }: Json): unknown => ({ podCIDRs: (spec as Json | undefined)?.['podCIDRs'] }),
]

/** The sequence of conditions of an object. States may be merged or split: one must be contained in the other. */
function conditionsDiffer(ours: Life, theirs: Life, within: number): readonly Difference[] {
  const [mine, wanted] = [conditionsOf(ours), conditionsOf(theirs)]
  const before = matchedTimes(mine, wanted)
  const at = before ?? matchedTimes(wanted, mine)
  const say = (list: readonly Essential[]): string => list.map(({ essence }) => essence).join(' → ')
  if (at === undefined) return [told(`conditions: ${say(mine)} is not ${say(wanted)}`)]
  const pairs = before === undefined ? at.map(([a, b]) => [b, a] as const) : at
  const off = pairs.find(([a, b]) => isLate(a.t, b.t, within))
  return off === undefined ? [] : [late(String(off[0].essence), off[0].t, off[1].t)]
}
function conditionsOf(life: Life): readonly Essential[] {
  const list: Essential[] = []
  for (const { t, object } of life) {
    const status = object['status'] as { phase?: string; conditions?: readonly Record<string, string>[] } | undefined
    const each = (status?.conditions ?? []).map(
      ({ type, status, reason }) => `${type}=${status}${reason ? `(${reason})` : ''}`,
    )
    const essence = [status?.phase, ...each.toSorted()].filter((part) => part !== undefined).join(' ')
    if (essence !== list.at(-1)?.essence) list.push({ t, essence })
  }
  return list
}
/** The pairs that are the same, when one sequence is part of the other, in order. */
function matchedTimes(
  small: readonly Essential[],
  large: readonly Essential[],
): readonly (readonly [Essential, Essential])[] | undefined {
  const pairs: (readonly [Essential, Essential])[] = []
  for (const each of large) {
    const next = small[pairs.length]
    if (next !== undefined && next.essence === each.essence) pairs.push([next, each])
  }
  return pairs.length === small.length ? pairs : undefined
}

/** How the sizes of a Deployment's ReplicaSets alternate. */
function ordersDiffer(ours: Story, theirs: Story): readonly string[] {
  const [mine, wanted] = [sizes(ours), sizes(theirs)]
  return [...wanted].flatMap(([owner, list]) => {
    const own = mine.get(owner) ?? []
    return own.join() === list.join() ? [] : [`${owner}: sizes ${own.join(', ')} are not ${list.join(', ')}`]
  })
}
function sizes({ lives }: Story): ReadonlyMap<string, readonly string[]> {
  const all = lives
    .filter((life) => nameOf(life).startsWith('ReplicaSet/'))
    .flatMap((life) => life.map((version) => ({ ...version, life })))
  const lists = new Map<string, string[]>()
  const known = new Map<Life, unknown>()
  for (const { life, object, type } of all.toSorted((a, b) => a.n - b.n)) {
    const { metadata, spec } = object as {
      metadata: { name: string; ownerReferences?: readonly { kind: string; name: string }[] }
      spec: Json
    }
    const owner = metadata.ownerReferences?.find(({ kind }) => kind === 'Deployment')?.name
    if (owner === undefined || type === 'DELETED' || known.get(life) === spec['replicas']) continue
    known.set(life, spec['replicas'])
    lists.set(owner, [...(lists.get(owner) ?? []), `${metadata.name}=${spec['replicas']}`])
  }
  return lists
}

/** 3: what was told, as often as it was told. */
function eventsDiffer(ours: readonly Told[], theirs: readonly Told[]): readonly string[] {
  const [mine, wanted] = [counted(ours), counted(theirs)]
  return [...new Set([...wanted.keys(), ...mine.keys()])].flatMap((text) => {
    const [a = 0, b = 0] = [mine.get(text), wanted.get(text)]
    return a === b ? [] : [`event ${text}: ${a} times, not ${b} times`]
  })
}
/** Told by whom depends on a lost race (CIDRAssignmentFailed): left out. */
const VARIES: ReadonlySet<string> = new Set(['cidrAllocator'])
function counted(events: readonly Told[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { type, reason, component, object, message } of events) {
    if (VARIES.has(component)) continue
    const text = `${type} ${reason} ${component} ${object}: ${message}`
    counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  return counts
}

/** What remains: lists whose order is a matter of races are in order, generations are compared with what was observed. */
function lastState(object: Json): unknown {
  const { metadata, status, ...rest } = object as { metadata: Json; status?: Json } & Json
  const { generation, creationTimestamp: _, ...kept } = metadata
  const observed = status?.['observedGeneration']
  const caughtUp =
    observed === undefined ? {} : { observedGeneration: observed === generation ? '<generation>' : observed }
  return sorted({ ...rest, metadata: kept, ...(status === undefined ? {} : { status: { ...status, ...caughtUp } }) })
}
/** Lists of things that have a type, an address, a target: by their text. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(sorted)
    const isNamed = items.every((item) => typeof item === 'object' && item !== null && !('image' in item))
    return isNamed ? items.toSorted((a, b) => (timeless(a) < timeless(b) ? -1 : 1)) : items
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, sorted(item)]))
}
const timeless = (value: unknown): string => JSON.stringify(ordered(value)).replace(/<t[+-][\d.]+>/g, '')
const ordered = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(ordered)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, ordered(item)]),
  )
}

const TIME = /^<t([+-][\d.]+)>$/
/** Seconds by which instants in objects may differ: both ends are truncated. */
const INSTANT_SECONDS = 1
const ANYTHING: ReadonlySet<unknown> = new Set(['<pem>', '<token>', '<data>', '<nodeport>', '<rv>'])

/** What differs between two values, with the paths. */
export function valuesDiffer(ours: unknown, theirs: unknown, path: string): readonly string[] {
  if (ours === theirs || ANYTHING.has(theirs) || (isNothing(ours) && isNothing(theirs))) return []
  if (typeof ours === 'string' && typeof theirs === 'string') {
    const [a, b] = [TIME.exec(ours)?.[1], TIME.exec(theirs)?.[1]]
    if (a !== undefined && b !== undefined && sameInstant(Number(a), Number(b))) return []
  } else if (Array.isArray(ours) && Array.isArray(theirs)) {
    if (ours.length === theirs.length) return theirs.flatMap((item, i) => valuesDiffer(ours[i], item, `${path}[${i}]`))
  } else if (isMap(ours) && isMap(theirs)) {
    return [...new Set([...Object.keys(theirs), ...Object.keys(ours)])].flatMap((key) =>
      valuesDiffer(ours[key], theirs[key], `${path}.${key}`),
    )
  }
  return [`${path} is ${short(ours)}, not ${short(theirs)}`]
}
const sameInstant = (a: number, b: number): boolean =>
  Math.abs(a - b) <= INSTANT_SECONDS + 1e-9 || (isDistant(a) && isDistant(b))
const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const isNothing = (value: unknown): boolean => value === undefined || value === null
