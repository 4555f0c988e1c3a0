/**
 * Who owns whom (pkg/controller/garbagecollector/graph_builder.go): a node per object by uid, its owners as it names
 * them, its dependents as they name it. An owner that nobody has seen yet has a virtual node.
 *
 * Invariant: `b` is a dependent of `a` exactly when the node of `b` names `a` as an owner.
 */
import { Tree } from '../../../runtime/tree.ts'
import type { ApiObject, OwnerReference, ResourceName } from '../../protocol/objects.ts'

export const ORPHAN = 'orphan'
export const FOREGROUND = 'foregroundDeletion'

export interface Identity {
  readonly uid: string
  readonly resource: ResourceName
  readonly apiVersion: string
  readonly kind: string
  readonly namespace: string | undefined
  readonly name: string
}
export interface GraphNode extends Identity {
  readonly owners: readonly OwnerReference[]
  readonly dependents: Tree<true>
  /** Known from the owner references of others alone. */
  readonly isVirtual: boolean
  readonly isBeingDeleted: boolean
  /** It waits for its dependents to go (foreground deletion). */
  readonly isDeletingDependents: boolean
}
export type Graph = Tree<GraphNode>

/** The graph after a change, and the uids of what is to be attempted because of it. */
export interface Moved {
  readonly graph: Graph
  readonly attempts: readonly string[]
  readonly orphans: readonly string[]
  /** The uid of an owner that is gone for sure. */
  readonly absent?: string
  /** Owners that stand in another namespace than the object that names them. */
  readonly misplaced?: readonly OwnerReference[]
}

/** An object was seen, anew or changed (processGraphChanges). `resourceOf` names the resource of an owner's kind. */
export function observed(
  graph: Graph,
  resource: ResourceName,
  was: ApiObject | undefined,
  now: ApiObject,
  resourceOf: (owner: OwnerReference) => ResourceName,
): Moved {
  const uid = now.metadata.uid ?? ''
  const known = graph.get(uid)
  const owners = now.metadata.ownerReferences ?? []
  const waits = waitsForDependents(now)
  const node: GraphNode = {
    owners,
    dependents: known?.dependents ?? Tree.of<true>(),
    isVirtual: false,
    isBeingDeleted: now.metadata.deletionTimestamp !== undefined,
    isDeletingDependents: waits,
    ...identityOf(resource, now),
  }
  const before = known?.owners ?? []
  let next = graph.set(uid, node)
  const attempts: string[] = []
  const misplaced: OwnerReference[] = []
  for (const owner of before) if (!names(owners, owner.uid)) next = withoutDependent(next, owner.uid, uid)
  for (const owner of owners) {
    if (names(before, owner.uid) && next.has(owner.uid)) continue
    const isNew = !next.has(owner.uid)
    const mistake = mistaken(next.get(owner.uid), owner, now)
    if (mistake === 'misplaced') misplaced.push(owner)
    if (mistake !== undefined) attempts.push(uid)
    next = withDependent(next, owner, now, uid, resourceOf)
    if (isNew) attempts.push(owner.uid)
  }
  attempts.push(...unblocked(before, owners))
  if (begins(was, now, ORPHAN)) return { graph: next, attempts, orphans: [uid], misplaced }
  if (begins(was, now, FOREGROUND)) attempts.push(...node.dependents.keys(), uid)
  return { graph: next, attempts, orphans: [], misplaced }
}

/** An object is gone, or a virtual one was found not to exist. */
export function vanished(graph: Graph, uid: string): Moved {
  const node = graph.get(uid)
  if (node === undefined) return { graph, attempts: [], orphans: [] }
  let next = graph.delete(uid)
  for (const owner of node.owners) next = withoutDependent(next, owner.uid, uid)
  const waiting = node.owners.map(({ uid }) => uid).filter((owner) => graph.get(owner)?.isDeletingDependents === true)
  const attempts = [...node.dependents.keys(), ...waiting]
  return { graph: next, attempts, orphans: [], ...(node.dependents.size === 0 ? {} : { absent: uid }) }
}

/** The dependents that keep a foreground deletion from ending. */
export const blocking = (graph: Graph, { uid, dependents }: GraphNode): readonly GraphNode[] =>
  dependents.keys().flatMap((key) => {
    const dependent = graph.get(key)
    const blocks = dependent?.owners.some((owner) => owner.uid === uid && owner.blockOwnerDeletion === true)
    return dependent !== undefined && blocks === true ? [dependent] : []
  })

/** Whether an owner that is known stands elsewhere, or is something else, than the reference says. */
function mistaken(
  known: GraphNode | undefined,
  { apiVersion, kind, name }: OwnerReference,
  { metadata }: ApiObject,
): 'misplaced' | 'other' | undefined {
  if (known === undefined) return undefined
  const isNamespaced = known.namespace !== undefined && known.namespace !== ''
  if (isNamespaced && known.namespace !== metadata.namespace) return known.isVirtual ? 'other' : 'misplaced'
  return known.apiVersion === apiVersion && known.kind === kind && known.name === name ? undefined : 'other'
}

const names = (owners: readonly OwnerReference[], uid: string): boolean => owners.some((owner) => owner.uid === uid)

const identityOf = (resource: ResourceName, { apiVersion, kind, metadata }: ApiObject): Identity => ({
  uid: metadata.uid ?? '',
  resource,
  apiVersion,
  kind,
  namespace: metadata.namespace,
  name: metadata.name,
})

function withDependent(
  graph: Graph,
  owner: OwnerReference,
  dependent: ApiObject,
  uid: string,
  resourceOf: (owner: OwnerReference) => ResourceName,
): Graph {
  return graph.update(owner.uid, (node) => {
    const known = node ?? virtual(owner, dependent, resourceOf(owner))
    return { ...known, dependents: known.dependents.set(uid, true) }
  })
}

const virtual = ({ uid, apiVersion, kind, name }: OwnerReference, { metadata }: ApiObject, resource: ResourceName) => ({
  uid,
  resource,
  apiVersion,
  kind,
  name,
  namespace: metadata.namespace,
  owners: [],
  dependents: Tree.of<true>(),
  isVirtual: true,
  isBeingDeleted: false,
  isDeletingDependents: false,
})

const withoutDependent = (graph: Graph, owner: string, uid: string): Graph =>
  graph.has(owner)
    ? graph.update(owner, (node) => (node === undefined ? node : { ...node, dependents: node.dependents.delete(uid) }))
    : graph

/** addUnblockedOwnersToDeleteQueue: owners that this object no longer blocks. */
const unblocked = (before: readonly OwnerReference[], now: readonly OwnerReference[]): readonly string[] =>
  before
    .filter(
      ({ uid, blockOwnerDeletion }) =>
        blockOwnerDeletion === true && now.find((owner) => owner.uid === uid)?.blockOwnerDeletion !== true,
    )
    .map(({ uid }) => uid)

const holds = ({ metadata }: ApiObject, finalizer: string): boolean =>
  metadata.deletionTimestamp !== undefined && metadata.finalizers?.includes(finalizer) === true
const waitsForDependents = (object: ApiObject): boolean => holds(object, FOREGROUND)
const begins = (was: ApiObject | undefined, now: ApiObject, finalizer: string): boolean =>
  holds(now, finalizer) && (was === undefined || !holds(was, finalizer))
