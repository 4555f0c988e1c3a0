/** A cluster whose API servers keep everything in a real etcd: begun anew there, or found there and gone on with. */
import type { Cluster } from '../../machines/cluster/cluster.ts'
import { createCluster } from '../../machines/cluster/create.ts'
import { KubectlFailed } from '../../machines/cluster/kubectl.ts'
import { fakeNodesOf, membersOf, workersOf } from '../../machines/cluster/layout.ts'
import type { ClusterOptions } from '../../machines/cluster/options.ts'
import { conditionOf } from '../../machines/cluster/views.ts'
import { parseTime } from '../../machines/lib/time.ts'
import { type EtcdAnswered, prefixEnd, type RangeReply } from '../../machines/protocol/etcd.ts'
import type { Applied, KubectlCommand } from '../../machines/protocol/kubectl.ts'
import { draw } from '../../runtime/contract.ts'
import { EtcdStore } from '../etcd-store.ts'
import { BadInput } from '../failure.ts'
import { refused } from '../refusal.ts'
import { EtcdGateway } from './etcd.ts'

/** In virtual time. */
const [READY_WITHIN_MS, APPLIED_WITHIN_MS] = [300_000, 60_000]
const REGISTRY = '/registry/'

export interface OnEtcd {
  readonly cluster: Cluster
  readonly store: EtcdGateway
}

/**
 * @param options those of the cluster; `epochMs` is the earliest at which its clock may begin
 * @throws {BadInput} when nobody answers there, or when it holds what we cannot read
 */
export async function begunOn(urls: readonly string[], options: Partial<ClusterOptions>): Promise<OnEtcd> {
  const stores = urls.map((url) => new EtcdStore(url))
  try {
    const { revision, newestMs } = await found(stores)
    const epochMs = { epochMs: Math.max(options.epochMs ?? 0, Math.ceil(newestMs / 1_000) * 1_000) }
    const { seed = 42 } = options
    const cluster = createCluster({
      ...options,
      ...(epochMs.epochMs === 0 ? {} : epochMs),
      etcd: urls,
      // Drawn anew each time: no uid is given twice.
      seed: revision > 1 ? draw(seed, 'etcd', revision) : seed,
    })
    const members = membersOf(cluster.options).map((role, i) => [role, stores[i] as EtcdStore] as const)
    const store = new EtcdGateway(cluster.world, new Map(members))
    if (!(await store.until(ready(cluster), READY_WITHIN_MS)))
      throw new BadInput(`the cluster did not get ready on ${urls.join(', ')}: is that etcd well?`)
    return { cluster, store }
  } catch (error) {
    for (const each of stores) each.close()
    throw error
  }
}

/** @throws {BadInput} with the place in the files of what the API refuses; {KubectlFailed} when it says nothing */
export async function applied(
  { cluster, store }: OnEtcd,
  objects: readonly Applied[],
  files: readonly string[],
): Promise<void> {
  const command: KubectlCommand = { command: 'apply', objects }
  const number = cluster.kubectl.start(command)
  await store.until(() => cluster.kubectl.ended(number) !== undefined, APPLIED_WITHIN_MS)
  const ended = cluster.kubectl.ended(number)
  if (ended === undefined)
    throw new KubectlFailed(command, { code: 1, lines: ['the API server did not answer in time'] })
  if (ended.code !== 0) throw refused(files, ended.lines)
}

/** Looks on from the node that it last waited for. What etcd says of a node from an earlier life does not count. */
function ready(cluster: Cluster): () => boolean {
  const { options } = cluster
  const [workers, all] = [workersOf(options).length, [...workersOf(options), ...fakeNodesOf(options)]]
  let count = 0
  const isReady = (i: number): boolean => {
    const { object, ready: saysSo } = cluster.node(all[i] as string)
    const heard = conditionOf(object, 'Ready') as { readonly lastHeartbeatTime?: string } | undefined
    return saysSo && (i >= workers || parseTime(heard?.lastHeartbeatTime ?? '') > options.epochMs)
  }
  return () => {
    while (count < all.length && isReady(count)) count++
    return count === all.length && cluster.object('namespaces', 'default') !== undefined
  }
}

/** What was there before: how many changes were made, and when somebody last said that he was alive. */
async function found(stores: readonly EtcdStore[]): Promise<{ readonly revision: number; readonly newestMs: number }> {
  const errors: string[] = []
  for (const store of stores) {
    const first = await read(store, REGISTRY, 1)
    if (typeof first === 'string') {
      errors.push(`${store.url.origin}: ${first}`)
      continue
    }
    const [one] = first.reply.kvs
    if (one !== undefined && !String(one.value).startsWith('{')) throw new BadInput(unreadable(store))
    const leases = await read(store, `${REGISTRY}leases/`)
    const renewed = typeof leases === 'string' ? [] : leases.reply.kvs.map(({ value }) => renewTimeIn(String(value)))
    return { revision: first.revision, newestMs: Math.max(0, ...renewed) }
  }
  throw new BadInput(
    `no etcd (3.4 or later) answers; start one, or name another with --etcd-servers\n${errors.join('\n')}`,
  )
}

interface Read extends EtcdAnswered {
  readonly reply: RangeReply
}
/** @returns a sentence when it cannot be read */
async function read(store: EtcdStore, prefix: string, limit = 0): Promise<Read | string> {
  try {
    const answer = await store.exchange({ type: 'etcd.Range', key: prefix, rangeEnd: prefixEnd(prefix), limit })
    if (answer.type === 'etcd.failed') return answer.error
    // The first revision is 1.
    return answer.revision > 0 ? (answer as Read) : 'what answers there is no etcd'
  } catch (error) {
    if (error instanceof URIError) throw new BadInput(unreadable(store))
    return (error as Error).message
  }
}

const unreadable = ({ url }: EtcdStore): string =>
  `${url.origin} holds objects that are no JSON: those of a real cluster, as protobuf. Use another etcd, or an empty one`

function renewTimeIn(value: string): number {
  const { spec } = JSON.parse(value) as { readonly spec?: { readonly renewTime?: string } }
  return spec?.renewTime === undefined ? 0 : parseTime(spec.renewTime)
}
