/** What is compared of a recorded scenario and its replay: see *Comparing* in the README of the recordings. */
import type { Cluster } from '../../../../machines/cluster/cluster.ts'
import type { ApiRequest } from '../../../../machines/protocol/api.ts'
import type { Deployment, Event, ReplicaSet } from '../../../../machines/protocol/objects.ts'
import type { Json, Recorded, Trace } from './replay.ts'

export interface Story {
  /** Every size that a ReplicaSet was given, in order. */
  readonly sizes: readonly string[]
  /** Every reason that a Deployment gave for its progress, in order. */
  readonly reasons: readonly string[]
  readonly events: readonly string[]
  readonly finals: readonly string[]
}
const WRITERS = /(deployment|replicaset|replication)-controller$/

/** Listens to a cluster from now on. @returns what was heard so far. */
export function heard(cluster: Cluster, namespace: string): () => Story {
  const sizes: string[] = []
  const reasons: string[] = []
  const events: string[] = []
  const known = new Map<string, string>()
  const note = (key: string | undefined, text: string, list: string[]): void => {
    if (known.get(key ?? '') !== text) list.push(text)
    known.set(key ?? '', text)
  }
  const look = (): void => {
    for (const { metadata, spec } of cluster.get<ReplicaSet>('replicasets', namespace))
      note(metadata.uid, `${metadata.name} ${spec.replicas}`, sizes)
    for (const { metadata, status } of cluster.get<Deployment>('deployments', namespace)) {
      const reason = reasonOf(status)
      if (reason !== undefined) note(metadata.uid, `${metadata.name} ${reason}`, reasons)
    }
  }
  const subjects = new Map<string, string>()
  cluster.world.observe(({ event }) => {
    const request = event as unknown as ApiRequest
    if (request?.resource !== 'events' || request.namespace !== namespace || !WRITERS.test(request.user.name)) return
    const { type, reason, involvedObject, message } = request.body as Event
    if (request.verb === 'create') subjects.set(request.name ?? '', `${type} ${reason} ${involvedObject.kind}`)
    events.push(`${subjects.get(request.name ?? '')} ${general(message ?? '')}`)
  })
  cluster.look(look)
  return () => {
    look()
    const all = ['deployments', 'replicasets'].flatMap((name) => cluster.get(name, namespace))
    return {
      sizes,
      reasons,
      events: events.sort(),
      finals: all.map((object) => shape(object as unknown as Json)).sort(),
    }
  }
}

export function recorded(trace: Trace): Story {
  const sizes: [number, string][] = []
  const reasons: [number, string][] = []
  for (const { kind, name, history } of trace.objects) {
    let last: string | undefined
    for (const { n, type, object, patch } of history) {
      const part = (object ?? patch ?? {}) as { spec?: { replicas?: number }; status?: Deployment['status'] }
      const size = part.spec?.replicas
      if (kind === 'ReplicaSet' && type !== 'DELETED' && size !== undefined) sizes.push([n, `${name} ${size}`])
      const reason = reasonOf(part.status)
      if (kind === 'Deployment' && reason !== undefined && reason !== last) reasons.push([n, `${name} ${reason}`])
      last = reason ?? last
    }
  }
  const events = trace.events
    .filter(({ component }) => WRITERS.test(component))
    .map(({ type, reason, object, message }) => `${type} ${reason} ${object.split('/')[0]} ${general(message)}`)
  return { sizes: inOrder(sizes), reasons: inOrder(reasons), events: events.sort(), finals: finalsOf(trace) }
}

/** Of several objects of one name the last one counts. */
function finalsOf({ objects, final }: Trace): readonly string[] {
  const lasting = objects.filter(
    ({ kind, name }) => (kind === 'Deployment' || kind === 'ReplicaSet') && final.includes(`${kind}/${name}`),
  )
  return [...new Map(lasting.map((each) => [`${each.kind}/${each.name}`, shape(lastOf(each))])).values()].sort()
}

const lastOf = ({ initial, history }: Recorded): Json =>
  history.reduce<Json>((object, step) => step.object ?? (merged(object, step.patch ?? {}) as Json), initial ?? {})

/** A JSON merge patch. */
function merged(base: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
  const known = typeof base === 'object' && base !== null && !Array.isArray(base) ? base : {}
  const result: Record<string, unknown> = { ...known }
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else result[key] = merged(result[key], value)
  }
  return result
}

/** What matters of a final object: name, size, annotations and status without times. */
function shape(object: Json): string {
  const { kind, metadata, spec, status } = object as unknown as ReplicaSet
  // How far a Deployment's generation has risen is the API server's doing, not the controller's.
  const isSeen = (name: string, value: unknown): boolean =>
    kind === 'Deployment' && name === 'observedGeneration' && value === metadata.generation
  const fields = Object.entries(status ?? {})
    .filter(([name]) => name !== 'conditions')
    .map(([name, value]) => `${name}=${isSeen(name, value) ? 'the newest' : value}`)
  const conditions = (status?.conditions ?? []).map(
    ({ type, status, reason, message }) => `${type} ${status} ${reason}: ${general(message ?? '')}`,
  )
  const annotations = Object.entries(metadata.annotations ?? {}).map(([name, value]) => `${name}=${value}`)
  return [kind, metadata.name, spec.replicas, ...annotations.sort(), ...fields.sort(), ...conditions.sort()].join(' | ')
}

const reasonOf = (status: Deployment['status']): string | undefined =>
  status?.conditions?.find(({ type }) => type === 'Progressing')?.reason

const inOrder = (list: readonly [number, string][]): readonly string[] =>
  list.toSorted(([a], [b]) => a - b).map(([, text]) => text)

/** Drawn suffixes of pod names are all the same. */
const general = (text: string): string =>
  text
    .replace(/<rand(:\d+)?>/g, '<rand>')
    .replace(/\b((?:web2?|one|two|rc)(?:-[a-z0-9]{6,10})?)-[bcdfghjklmnpqrstvwxz2456789]{5}(?![a-z0-9])/g, '$1-<rand>')
