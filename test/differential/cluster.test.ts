/** A whole cluster that keeps everything in a real etcd, where one is installed: served, stopped, and found there again. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TimeTold } from '../../cli/serve/control.ts'
import { opened } from '../../cli/serve/open.ts'
import { begunOn } from '../../cli/serve/outside.ts'
import { remote } from '../../cli/serve/remote.ts'
import type { Cluster } from '../../machines/cluster/cluster.ts'
import { createCluster } from '../../machines/cluster/create.ts'
import type { Deployment, Node, Pod } from '../../machines/protocol/objects.ts'
import { type Recording, replay } from '../../runtime/record.ts'
import { needs } from '../kit/needs.ts'
import { etcdVersion, type RealEtcd, startEtcd } from '../kit/real-etcd.ts'
import { folder } from '../unit/cli/command.ts'

let real: RealEtcd | undefined
beforeAll(async () => {
  if (etcdVersion() !== undefined) real = await startEtcd()
}, 60_000)
afterAll(() => real?.stop())

const files = folder()
/** A Deployment needs some seconds, of which nobody here has that many. */
const SPEED = { times: 20 }

interface Served {
  readonly cluster: Cluster
  readonly kubeconfig: string
  readonly close: () => void
}
async function served(...urls: readonly string[]): Promise<Served> {
  const begun = await begunOn(urls, { nodes: 2, controlPlanes: 2, epochMs: Math.floor(Date.now() / 1_000) * 1_000 })
  const kubeconfig = `${files}/kubeconfig`
  const fail = (error: unknown): void => {
    throw error
  }
  const door = await opened(begun.cluster, {
    speed: SPEED,
    port: 0,
    kubeconfig,
    store: begun.store,
    broken: fail,
    complain: fail,
  })
  return { cluster: begun.cluster, kubeconfig, close: door.close }
}

const labels = { app: 'web' }
const WEB = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas: 2,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
  },
}

/** What is there, asked without any of our own code. */
async function keysUnder(url: string, prefix: string): Promise<Readonly<Record<string, unknown>>> {
  const base64 = (text: string): string => Buffer.from(text).toString('base64')
  const body = JSON.stringify({ key: base64(prefix), range_end: base64(`${prefix.slice(0, -1)}0`) })
  const answer = (await (await fetch(`${url}/v3/kv/range`, { method: 'POST', body })).json()) as {
    readonly kvs?: readonly { readonly key: string; readonly value: string }[]
  }
  const text = (of: string): string => Buffer.from(of, 'base64').toString('utf8')
  return Object.fromEntries((answer.kvs ?? []).map(({ key, value }) => [text(key), JSON.parse(text(value))]))
}

const podsOf = ({ cluster }: Served): readonly Pod[] => cluster.get<Pod>('pods', 'default')
const containersOf = (here: Served): readonly string[] =>
  podsOf(here).flatMap(({ status }) =>
    (status?.containerStatuses ?? []).flatMap(({ containerID }) => containerID ?? []),
  )
const uidsIn = ({ cluster }: Served): readonly string[] =>
  ['pods', 'replicasets', 'deployments', 'nodes', 'events', 'serviceaccounts'].flatMap((resource) =>
    cluster.get(resource).map(({ metadata }) => metadata.uid ?? ''),
  )

test('a cluster is served from a real etcd; another finds there what the first has left', async (context) => {
  needs(context, 'etcd', real !== undefined)
  const { url } = real as RealEtcd
  const first = await served(url)
  const made = await remote<Deployment>(first.kubeconfig, '/apis/apps/v1/namespaces/default/deployments', WEB, 201)
  await expect.poll(() => first.cluster.deployment('web').available, { timeout: 30_000 }).toBe(true)

  const kept = await keysUnder(url, '/registry/pods/default/')
  expect(Object.keys(kept)).toEqual(podsOf(first).map(({ metadata }) => `/registry/pods/default/${metadata.name}`))
  expect(Object.values(kept)).toMatchObject([{ kind: 'Pod', metadata: { labels } }, { kind: 'Pod' }])
  expect(first.cluster.world.addresses.filter((address) => address.startsWith('etcd/'))).toEqual([])
  first.close()
  const before = {
    containers: containersOf(first),
    uids: uidsIn(first),
    names: podsOf(first).map((pod) => pod.metadata.name),
  }

  const second = await served(url)
  expect(second.cluster.world.seed).not.toBe(first.cluster.world.seed)
  expect(second.cluster.deployment('web').object?.metadata).toMatchObject({ uid: made.metadata.uid })
  // The nodes are new machines under old names: nothing runs on them until a kubelet has read what should.
  const runsAnew = (): boolean =>
    containersOf(second).length === 2 && containersOf(second).every((id) => !before.containers.includes(id))
  await expect.poll(runsAnew, { timeout: 30_000 }).toBe(true)
  await expect.poll(() => second.cluster.deployment('web').available, { timeout: 30_000 }).toBe(true)
  expect(podsOf(second).map((pod) => pod.metadata.name)).toEqual(before.names)
  const uids = uidsIn(second)
  expect(new Set(uids).size).toBe(uids.length)
  second.close()
}, 120_000)

test('the recording of it is lived again without any etcd', async (context) => {
  needs(context, 'etcd', real !== undefined)
  const { url } = real as RealEtcd
  const { cluster, kubeconfig, close } = await served(url)
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'once' }, spec: WEB.spec.template.spec }
  await remote(kubeconfig, '/api/v1/namespaces/default/pods', pod, 201)
  await expect.poll(() => cluster.pod('once').ready, { timeout: 30_000 }).toBe(true)
  close()
  const recording = JSON.parse(JSON.stringify(cluster.recording)) as Recording<typeof cluster.options>
  const again = createCluster(recording.setting)
  replay(again.world, recording)
  // Nobody sits at the other end of the HTTP client's line any more.
  const { deadLetters: _, ...counts } = cluster.world.counts
  expect(again.world.counts).toMatchObject(counts)
  expect(again.now).toBe(cluster.now)
  expect(again.pod('once')).toEqual(cluster.pod('once'))
}, 120_000)

test('ten minutes can be let go by at once, in which pods leave a node without power', async (context) => {
  needs(context, 'etcd', real !== undefined)
  const here = await served((real as RealEtcd).url)
  const { cluster, kubeconfig, close } = here
  const { virtualMs } = await remote<TimeTold>(kubeconfig, '/orrery/time', { speed: 'paused' })
  await remote(kubeconfig, '/orrery/fault', { fault: 'power', on: ['off', 'node-2'] })
  const after = await remote<TimeTold>(kubeconfig, '/orrery/time', { advanceMs: 600_000 })
  expect(after.virtualMs - virtualMs).toBeGreaterThanOrEqual(600_000)
  expect([cluster.node('node-1').ready, cluster.node('node-2').ready]).toEqual([true, false])
  expect(cluster.deployment('web').available).toBe(true)
  const stay = podsOf(here).filter(({ metadata }) => metadata.deletionTimestamp === undefined)
  expect(stay.map(({ spec }) => spec.nodeName)).not.toContain('node-2')
  close()
}, 120_000)

test('an etcd that dies or hangs is gone for the API servers, and found again', async (context) => {
  needs(context, 'etcd', real !== undefined)
  const etcd = real as RealEtcd
  const here = await served(etcd.url)
  const pods = '/api/v1/namespaces/default/pods'
  const pod = (name: string) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: WEB.spec.template.spec })
  const ready = (name: string) => expect.poll(() => here.cluster.pod(name).ready, { timeout: 60_000 }).toBe(true)
  // A taint that could not be taken off is tried again with the next heartbeat only, after five minutes: as the real one.
  const tainted = () => here.cluster.get<Node>('nodes').filter(({ spec }) => (spec?.taints ?? []).length > 0)
  await expect.poll(() => tainted().map(({ metadata }) => metadata.name), { timeout: 60_000 }).toEqual([])
  await etcd.kill()
  await expect(remote(here.kubeconfig, pods, pod('refused'), 201)).rejects.toThrow('connection refused')
  await etcd.restart()
  await expect
    .poll(() => remote(here.kubeconfig, pods, pod('after-death'), 201).then(() => 'made', String), {
      timeout: 60_000,
    })
    .toMatch(/made|already exists/)
  await ready('after-death')
  etcd.freeze()
  const made = remote(here.kubeconfig, pods, pod('meanwhile'), 201)
  setTimeout(() => etcd.thaw(), 500)
  await made
  await ready('meanwhile')
  here.close()
}, 120_000)

test('an API server turns to another member when one is gone', async (context) => {
  needs(context, 'etcd', real !== undefined)
  const { cluster, close } = await served('http://127.0.0.1:1', (real as RealEtcd).url)
  expect(cluster.node('node-1').ready).toBe(true)
  expect(cluster.world.hosts.slice(0, 3)).toEqual(['etcd-1', 'etcd-2', 'cp-1'])
  close()
}, 60_000)
