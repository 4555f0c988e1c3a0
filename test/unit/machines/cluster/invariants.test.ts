import { expect, test } from 'vitest'
import type { Cluster } from '../../../../machines/cluster/cluster.ts'
import { createCluster } from '../../../../machines/cluster/create.ts'
import { inWords, Watch } from '../../../../machines/cluster/invariants.ts'
import { membersOf } from '../../../../machines/cluster/layout.ts'
import { Chronicle } from '../../../../machines/lib/chronicle.ts'
import type { Around, TraceRecord } from '../../../../runtime/trace.ts'

const base = createCluster({ nodes: 1 })
const web = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
  },
}
type Told = readonly [TraceRecord, Around]
/** A step as it is told instead; undefined leaves it as it was. */
type Tampering = (record: TraceRecord, around: Around) => Told | undefined

const watchOf = ({ world, profile, options }: Cluster): Watch => new Watch(world, profile, membersOf(options))

/** A cluster makes a Deployment, and the watch is told of one step what was not so. */
function tampered(tampering: Tampering, story: (cluster: Cluster) => void = (cluster) => cluster.run('20s')): Watch {
  const cluster = base.fork()
  const watch = watchOf(cluster)
  let isDone = false
  cluster.world.observe((record, around) => {
    const told = isDone ? undefined : tampering(record, around)
    if (told === undefined) return watch.see(record, around)
    isDone = true
    watch.see(...told)
  })
  cluster.apply(web)
  story(cluster)
  expect(isDone, 'such a step was made').toBe(true)
  return watch
}
/** The step with another context after it. */
const after = (record: TraceRecord, around: Around, change: object): Told => [
  record,
  {
    ...around,
    after: { ...(around.after as object), context: { ...(around.after?.context as object), ...change } } as never,
  },
]

test('what really happens breaks none', () => {
  const cluster = base.fork()
  const watch = watchOf(cluster)
  cluster.world.observe(watch.see)
  cluster.apply(web)
  cluster.run('20s')
  expect(watch.breach).toBeUndefined()
})

test('a member that applies what is not committed breaks one of raft', () => {
  const { breach } = tampered((record, around) =>
    record.machine === 'etcd' && record.event.type === 'disk.synced' ? after(record, around, { commit: 0 }) : undefined,
  )
  expect(breach).toMatchObject({ says: 'raft keeps its five safety properties', on: 'etcd/cp-1' })
  expect(inWords(breach as NonNullable<typeof breach>)).toMatch(
    /^always: raft keeps .* \(at [\d.]+ ms, etcd\/cp-1: order: /,
  )
})

type Replica = {
  readonly store: {
    readonly revision: number
    readonly changes: { get(key: string): unknown; set(key: string, value: unknown): unknown }
  }
}
const replicaIn = (snapshot: Around['after']): Replica => (snapshot?.context as { readonly replica: Replica }).replica

test('a member that applies something else at a revision that was applied has lost a write', () => {
  const { breach } = tampered((record, around) => {
    if (record.machine !== 'etcd' || around.before === undefined) return undefined
    const [was, is] = [replicaIn(around.before), replicaIn(around.after)]
    const { revision } = was.store
    if (was === is || revision < base.revision + 3) return undefined
    const other = [
      { kv: { key: '/registry/other', value: {}, version: 1, modRevision: revision, createRevision: revision } },
    ]
    const store = { ...is.store, changes: Chronicle.of([{ revision, changes: other }]) }
    const before = {
      ...around.before,
      context: { ...(around.before.context as object), replica: { store: { ...was.store, revision: revision - 1 } } },
    }
    return after(record, { ...around, before }, { replica: { ...is, store } })
  })
  expect(breach).toMatchObject({
    says: 'no acknowledged write is lost',
    how: expect.stringContaining('/registry/other'),
  })
})

test('an acknowledgement of what no member has committed breaks one', () => {
  const { breach } = tampered((record, around) => {
    const said = record.machine === 'api-request' ? record.effects.find((effect) => effect.do === 'answer') : undefined
    const event = said?.event as { readonly code?: number; readonly object?: { readonly metadata: object } } | undefined
    if (said === undefined || event?.object === undefined || (event.code ?? 500) >= 300) return undefined
    const metadata = { ...event.object.metadata, resourceVersion: '99999' }
    const effects = [{ ...said, event: { ...said.event, object: { ...event.object, metadata } } }]
    return [{ ...record, effects }, around]
  })
  expect(breach).toMatchObject({ says: 'no acknowledged write is lost', how: expect.stringContaining('at 99999') })
})

test('a watch that misses an event breaks one', () => {
  type Told = { readonly object: { readonly metadata: { readonly resourceVersion: string } } }
  const { breach } = tampered((record, around) => {
    const { changes = [] } = record.event as { readonly changes?: readonly Told[] }
    const isNew = changes.some(({ object }) => Number(object.metadata.resourceVersion) > base.revision)
    if (record.machine !== 'reflector' || !isNew) return undefined
    return [{ ...record, event: { ...record.event, changes: changes.slice(0, -1) } as never }, around]
  })
  expect(breach?.says).toBe('inside one watch no event is missed or out of order')
})

test('a relist that ends elsewhere breaks one', () => {
  const { breach } = tampered(
    (record, around) => {
      const { list } = record.event as { readonly list?: object }
      if (record.machine !== 'reflector' || list === undefined) return undefined
      return [{ ...record, event: { ...record.event, list: { ...list, resourceVersion: '1' } } as never }, around]
    },
    (cluster) => {
      cluster.faults.crash('kube-scheduler/cp-1')
      cluster.run('40s')
    },
  )
  expect(breach?.says).toBe('a relist ends in the listed state')
})

test('a leader that was not heard of yet is not judged', () => {
  const { breach } = tampered((record, around) => {
    const isWrite = record.machine === 'replicaset' && record.effects.some(({ do: what }) => what === 'call')
    return isWrite ? [{ ...record, at: record.at + 20_000 }, around] : undefined
  })
  expect(breach).toBeUndefined()
})

test('a leader whose renewals were heard and that then acts late breaks one', () => {
  const cluster = base.fork()
  const watch = watchOf(cluster)
  let late: Told | undefined
  cluster.world.observe((record, around) => {
    watch.see(record, around)
    const isWrite = record.machine === 'replicaset' && record.effects.some(({ do: what }) => what === 'call')
    if (isWrite) late ??= [{ ...record, at: record.at + 20_000 }, around]
  })
  cluster.run('5s')
  cluster.apply(web)
  cluster.run('5s')
  expect(watch.breach).toBeUndefined()
  watch.see(...(late as Told))
  expect(watch.breach?.says).toBe('a leader acts no longer than its lease timings allow')
})

test('what a component promises of one step is asked of each of its steps', () => {
  const cluster = base.fork()
  const { world, profile, options } = cluster
  const also = [{ machine: 'replicaset', says: 'it never works', broken: () => 'it does' }]
  const watch = new Watch(world, profile, membersOf(options), also)
  world.observe(watch.see)
  cluster.apply(web)
  cluster.run('2s')
  expect(watch.breach).toMatchObject({ says: 'it never works', how: 'it does' })
})
