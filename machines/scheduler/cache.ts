/**
 * The cluster as the scheduler counts it: nodes with the pods bound to them and those assumed to be, while their
 * binding is on its way (backend/cache). Every change costs one path of a tree; every version is a snapshot.
 */
import { Fold, Tree } from '../../runtime/tree.ts'
import type { Labels } from '../lib/selector.ts'
import type { ApiObject, Namespace, Node, Pod, Service } from '../protocol/objects.ts'
import { type HeldTerms, heldAfter, NO_TERMS } from './held-terms.ts'
import {
  emptyNodeInfo,
  isKnown,
  type NodeInfo,
  withNode,
  withoutNode,
  withoutPod,
  withPod,
  withPodAnew,
} from './node-info.ts'
import { NO_ORDER, type NodeOrder, ordered, unordered } from './node-order.ts'
import { NO_NOMINATIONS, type Nominations, notNominated } from './nominations.ts'
import { countsTheSame, type PodInfo, podInfoOf } from './pod-info.ts'
import { type PodsByLabel, withLabelled, withoutLabelled } from './pods-by-label.ts'
import type { PodDisruptionBudget } from './policy.ts'
import { claimsUsed, NO_STORAGE, type Storage } from './storage.ts'
import { HOSTNAME } from './topology.ts'

/** What one attempt sees. */
export interface Snapshot {
  readonly nodes: Tree<NodeInfo>
  /** The known nodes, each as it was when its labels or taints changed last: of them depends what counts where. */
  readonly sites: Tree<Node>
  /** Of the pods on known nodes. */
  readonly labelled: PodsByLabel
  readonly refusing: HeldTerms
  readonly judging: HeldTerms
  readonly order: NodeOrder
  /** How many nodes have each host name. */
  readonly hosts: Tree<number>
  /** No two nodes have the same host name, so each host is one node. */
  readonly singleHosts: boolean
  readonly images: Tree<Image>
  readonly nominations: Nominations
  readonly budgets: Tree<PodDisruptionBudget>
  readonly storage: Storage
  readonly namespaces: Tree<Namespace>
  /** By namespace, then key: what selects the pods that a pod should be spread among. */
  readonly services: Tree<Tree<Service>>
  /** ReplicaSets, StatefulSets and ReplicationControllers by `<kind>/<key>`. */
  readonly owners: Tree<ApiObject>
}
export interface Image {
  /** Of the first node on which it was seen, as in the real one. */
  readonly sizeBytes: number
  readonly nodes: Tree<true>
}
export interface Cache extends Snapshot {
  /** Every pod that is counted on a node. */
  readonly placed: Tree<Placed>
}
export interface Placed {
  readonly info: PodInfo
  readonly node: string
  /** The binding has not been seen yet. Never expires: durationToAssumePods is 0. */
  readonly assumed: boolean
}

export const EMPTY_CACHE: Cache = {
  nodes: Tree.of(),
  sites: Tree.of(),
  labelled: Tree.of(),
  refusing: NO_TERMS,
  judging: NO_TERMS,
  order: NO_ORDER,
  hosts: Tree.of(),
  singleHosts: true,
  images: Tree.of(),
  nominations: NO_NOMINATIONS,
  budgets: Tree.of(),
  storage: NO_STORAGE,
  namespaces: Tree.of(),
  services: Tree.of(),
  owners: Tree.of(),
  placed: Tree.of(),
}

export const namespaceLabels = (snapshot: Snapshot, namespace: string): Labels | undefined =>
  snapshot.namespaces.has(namespace) ? (snapshot.namespaces.get(namespace)?.metadata.labels ?? {}) : undefined

/** AssumePod: counted on the node from now on, before the API server has been asked. An earlier pod of its name is not. */
export function assume(cache: Cache, info: PodInfo, node: string): Cache {
  const assumed = placed(displaced(cache, info.key), info, node, true)
  const nominations = notNominated(cache.nominations, info.key)
  return nominations === cache.nominations ? assumed : { ...assumed, nominations }
}

/** ForgetPod: the binding failed. A pod that was seen bound meanwhile stays. */
export const forget = (cache: Cache, key: string): Cache =>
  cache.placed.get(key)?.assumed === true ? displaced(cache, key) : cache

/** AddPod and UpdatePod: seen bound, whether it was assumed (maybe elsewhere) or not. */
export function podSeen(cache: Cache, pod: Pod): Cache {
  const [info, node] = [podInfoOf(pod), pod.spec.nodeName as string]
  const before = cache.placed.get(info.key)
  return before?.node === node && countsTheSame(before.info, info)
    ? refreshed(cache, info, node)
    : placed(displaced(cache, info.key), info, node, false)
}
export const podGone = (cache: Cache, key: string): Cache => displaced(cache, key)

function placed(cache: Cache, info: PodInfo, name: string, assumed: boolean): Cache {
  const node = cache.nodes.get(name) ?? emptyNodeInfo(name)
  const nodes = nodesAfter(cache.nodes, withPod(node, info))
  const places = cache.placed.set(info.key, { info, node: name, assumed })
  return countedAnew(cache, nodes, indexAfter(cache, name, [info], 1), claimsUsed(cache.storage, info, 1), places)
}

function displaced(cache: Cache, key: string): Cache {
  const place = cache.placed.get(key)
  if (place === undefined) return cache
  const { info, node } = place
  const nodes = nodesAfter(cache.nodes, withoutPod(cache.nodes.get(node) as NodeInfo, key))
  const places = cache.placed.delete(key)
  return countedAnew(cache, nodes, indexAfter(cache, node, [info], -1), claimsUsed(cache.storage, info, -1), places)
}

/** The pod is another version of itself, and nothing is counted otherwise because of it: the indexes stay as they are. */
function refreshed(cache: Cache, info: PodInfo, name: string): Cache {
  const nodes = cache.nodes.set(name, withPodAnew(cache.nodes.get(name) as NodeInfo, info))
  const places = cache.placed.set(info.key, { info, node: name, assumed: false })
  return countedAnew(cache, nodes, cache, cache.storage, places)
}

/** A pod came, went or changed. This happens so often that all fields are named: a spread takes ten times as long. */
const countedAnew = (
  { sites, order, hosts, singleHosts, images, nominations, budgets, namespaces, services, owners }: Cache,
  nodes: Cache['nodes'],
  { labelled, refusing, judging }: Index,
  storage: Storage,
  placed: Cache['placed'],
): Cache => ({
  nodes,
  sites,
  labelled,
  refusing,
  judging,
  order,
  hosts,
  singleHosts,
  images,
  nominations,
  budgets,
  storage,
  namespaces,
  services,
  owners,
  placed,
})

/** AddNode and UpdateNode. */
export function nodeSeen(cache: Cache, node: Node): Cache {
  const { name } = node.metadata
  const was = cache.nodes.get(name) ?? emptyNodeInfo(name)
  return {
    ...cache,
    nodes: nodesAfter(cache.nodes, withNode(was, node)),
    ...hostsAfter(cache, was.node, node),
    ...sitesAfter(cache, name, node),
    order: ordered(cache.order, name, node.metadata.labels),
    images: withImages(withoutImages(cache.images, was.node), node),
  }
}
/** RemoveNode: what is left of it is forgotten with its last pod. */
export function nodeGone(cache: Cache, name: string): Cache {
  const info = cache.nodes.get(name)
  if (info === undefined) return cache
  return {
    ...cache,
    nodes: nodesAfter(cache.nodes, withoutNode(info)),
    ...hostsAfter(cache, info.node, undefined),
    ...sitesAfter(cache, name, undefined),
    order: unordered(cache.order, name),
    images: withoutImages(cache.images, info.node),
  }
}

type Index = Pick<Cache, 'labelled' | 'refusing' | 'judging'>

/** A node's labels say where its pods are: when they change, its pods are taken out and put in again. */
function sitesAfter(cache: Cache, name: string, now: Node | undefined): Partial<Cache> {
  const was = cache.sites.get(name)
  if (was !== undefined && now !== undefined && isSameSite(was, now)) return {}
  const pods = cache.nodes.get(name)?.pods.values() ?? []
  const without = { ...cache, ...indexAfter(cache, name, pods, -1) }
  const sites = cache.sites.update(name, () => now)
  return { sites, ...indexAfter({ ...without, sites }, name, pods, 1) }
}
const isSameSite = (a: Node, b: Node): boolean =>
  JSON.stringify([a.metadata.labels, a.spec?.taints]) === JSON.stringify([b.metadata.labels, b.spec?.taints])

/** So many pods more (`by` 1) or less (-1) on a node; those of unknown nodes are nowhere. */
function indexAfter(index: Index & Pick<Cache, 'sites'>, name: string, pods: readonly PodInfo[], by: 1 | -1): Index {
  let { labelled, refusing, judging } = index
  const node = index.sites.get(name)
  if (node !== undefined)
    for (const pod of pods) {
      labelled = by > 0 ? withLabelled(labelled, pod, node) : withoutLabelled(labelled, pod, node)
      refusing = heldAfter(refusing, pod, 'refusing', node, by)
      judging = heldAfter(judging, pod, 'judging', node, by)
    }
  return { labelled, refusing, judging }
}

function hostsAfter({ hosts, singleHosts }: Cache, was: Node | undefined, now: Node | undefined) {
  const [before, after] = [was?.metadata.labels?.[HOSTNAME], now?.metadata.labels?.[HOSTNAME]]
  if (before === after) return { hosts, singleHosts }
  if (before !== undefined) hosts = hosts.update(before, (nodes = 1) => (nodes === 1 ? undefined : nodes - 1))
  if (after !== undefined) hosts = hosts.update(after, (nodes = 0) => nodes + 1)
  return { hosts, singleHosts: hosts.fold(MOST_NODES) <= 1 }
}
const MOST_NODES = new Fold<number, number>(0, (nodes) => nodes, Math.max)

function nodesAfter(nodes: Cache['nodes'], info: NodeInfo): Cache['nodes'] {
  const isOver = !isKnown(info) && info.pods.size === 0
  return isOver ? nodes.delete(info.name) : nodes.set(info.name, info)
}

function withImages(images: Tree<Image>, node: Node): Tree<Image> {
  for (const { names: its = [], sizeBytes = 0 } of node.status?.images ?? [])
    for (const name of its)
      images = images.update(name, (image) => ({
        sizeBytes: image?.sizeBytes ?? sizeBytes,
        nodes: (image?.nodes ?? Tree.of<true>()).set(node.metadata.name, true),
      }))
  return images
}

function withoutImages(images: Tree<Image>, node: Node | undefined): Tree<Image> {
  for (const { names: its = [] } of node?.status?.images ?? [])
    for (const name of its)
      images = images.update(name, (image) => {
        const nodes = image?.nodes.delete((node as Node).metadata.name)
        return nodes === undefined || nodes.size === 0 ? undefined : { sizeBytes: image?.sizeBytes ?? 0, nodes }
      })
  return images
}
