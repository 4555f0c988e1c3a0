/**
 * Gives every node a range of pod addresses of its own (pkg/controller/nodeipam/ipam/range_allocator.go).
 *
 * Which ranges are in use is read from the nodes at the start and kept up to date; a range is marked as used before it
 * is written, so that no two nodes ever get the same.
 */
import { setup } from 'xstate'
import { type Address, born, type Effect, send, spawn, stop, verbs, wake } from '../../../runtime/contract.ts'
import { Tree } from '../../../runtime/tree.ts'
import type { CacheChanged, ControllerInput, Delta, EventHappened } from '../../protocol/cache.ts'
import type { Node } from '../../protocol/objects.ts'
import { allocated, type CidrSet, cidrSet, occupied, released } from './cidr-set.ts'
import type { NodeRangeInput, RangeAssigned, RangeRefused } from './words.ts'

export interface Ranges {
  /** `--cluster-cidr` */
  readonly range: string
  /** `--node-cidr-mask-size-ipv4` */
  readonly bits: number
}
interface Context extends ControllerInput {
  readonly set: CidrSet
  readonly nodes: Tree<Node>
  /** What each node has, or is being given. */
  readonly given: Tree<string>
  /** Failures in a row, per node. */
  readonly failures: Tree<number>
}
interface AssignmentDue {
  readonly type: 'assignment.due'
  readonly node: string
}
type Events = CacheChanged | RangeAssigned | RangeRefused | AssignmentDue

const BACK_OFF_BASE_MS = 5
const BACK_OFF_MAX_MS = 1_000_000

const { update, decide, when } = verbs<Context, Events>()

export const nodeIpam = ({ range, bits }: Ranges) =>
  setup({
    types: { context: {} as Context, events: {} as Events, input: {} as ControllerInput },
    guards: {
      'it may be written': when('range.refused', (_, { mayStand }) => mayStand),
    },
    actions: {
      'mark what is in use': update('cache.changed', (context, { deltas }) => marked(context, deltas)),
      'look at the nodes that changed': decide('cache.changed', (context, { deltas }, { self }) =>
        lookedAt(context, deltas, self),
      ),
      'forgive its failures': update('range.assigned', ({ failures }, { node }) => ({
        failures: failures.delete(node),
      })),
      'take the range back': decide('range.refused', (context, { node }) => takenBack(context, node)),
      'keep the range for it': decide('range.refused', (context, { node }) => {
        const [change, effects] = later(context, node)
        return [change, [...told(context, node, 'CIDRAssignmentFailed'), ...effects]]
      }),
      'try again': decide('assignment.due', (context, { node }, { self }) => assigned(context, node, self)),
    },
  }).createMachine({
    id: 'node-ipam-controller',
    description: 'Keeps the ranges: what becomes of a node stands in the chart of its own actor.',
    context: born((input: ControllerInput) => ({
      ...input,
      set: cidrSet(range, bits),
      nodes: Tree.of<Node>(),
      given: Tree.of<string>(),
      failures: Tree.of<number>(),
    })),
    initial: 'waitingForNodes',
    states: {
      waitingForNodes: {
        description: 'Nothing is given away before all that is in use is known.',
        on: {
          'cache.changed': {
            target: 'allocating',
            actions: ['mark what is in use', 'look at the nodes that changed'],
          },
        },
      },
      allocating: {
        on: {
          'cache.changed': { actions: 'look at the nodes that changed' },
          'range.assigned': { actions: 'forgive its failures' },
          'range.refused': [
            { guard: 'it may be written', actions: 'keep the range for it' },
            { actions: 'take the range back' },
          ],
          'assignment.due': { actions: 'try again' },
        },
      },
    },
  })

const podCidr = (node: Node | undefined): string | undefined => node?.spec?.podCIDR || undefined

function marked({ set }: Context, deltas: readonly Delta[]): Partial<Context> {
  return { set: deltas.reduce((all, { now }) => withRange(all, podCidr(now as Node | undefined)), set) }
}
const withRange = (set: CidrSet, cidr: string | undefined): CidrSet => (cidr === undefined ? set : occupied(set, cidr))

type Decision = readonly [change: Partial<Context>, effects: readonly Effect[]]

function lookedAt(context: Context, deltas: readonly Delta[], self: Address): Decision {
  let next = context
  const effects: Effect[] = []
  const take = ([change, more]: Decision): void => {
    next = { ...next, ...change }
    effects.push(...more)
  }
  for (const { key, was, now } of deltas) {
    if (was !== undefined && was.metadata.uid !== now?.metadata.uid) take(forgotten(next, key, self))
    if (now !== undefined) take(lookedAtOne(next, key, now as Node, self))
  }
  const { set, nodes, given, failures } = next
  return [{ set, nodes, given, failures }, effects]
}

/** ReleaseCIDR */
function forgotten({ set, nodes, given, failures }: Context, key: string, self: Address): Decision {
  const mine = given.get(key)
  const free = mine === undefined ? set : released(set, mine)
  const change = { set: free, nodes: nodes.delete(key), given: given.delete(key), failures: failures.delete(key) }
  return [change, [stop(`${self}/${key}`)]]
}

function lookedAtOne(context: Context, key: string, node: Node, self: Address): Decision {
  const { set, given } = context
  const nodes = context.nodes.set(key, node)
  const mine = given.get(key)
  const has = podCidr(node)
  if (has === undefined) return mine === undefined ? assigned({ ...context, nodes }, key, self) : [{ nodes }, []]
  const free = mine === undefined || mine === has ? set : released(set, mine)
  return [{ nodes, set: occupied(free, has), given: given.set(key, has) }, []]
}

/** AllocateOrOccupyCIDR of a node without a range; one that may have been written is written again. */
function assigned(context: Context, node: string, self: Address): Decision {
  const { set, nodes, given } = context
  if (nodes.get(node) === undefined || podCidr(nodes.get(node)) !== undefined) return [{}, []]
  const mine = given.get(node)
  if (mine !== undefined) return [{}, [writer(context, node, mine, self)]]
  const found = allocated(set)
  if (found === undefined) {
    const [change, effects] = later(context, node)
    return [{ nodes, ...change }, [...told(context, node, 'CIDRNotAvailable'), ...effects]]
  }
  const [cidr, left] = found
  return [{ nodes, set: left, given: given.set(node, cidr) }, [writer(context, node, cidr, self)]]
}

function writer({ apiserver, user, recorder, reflectors }: Context, node: string, cidr: string, self: Address): Effect {
  const input: NodeRangeInput = { apiserver, user, recorder, reflectors, node, cidr, allocator: self }
  return spawn(`${self}/${node}`, 'node-range', input)
}

function takenBack(context: Context, node: string): Decision {
  const { set, given, nodes } = context
  const cidr = given.get(node)
  if (cidr === undefined || podCidr(nodes.get(node)) === cidr) return [{}, []]
  const [change, effects] = later(context, node)
  return [
    { ...change, set: released(set, cidr), given: given.delete(node) },
    [...told(context, node, 'CIDRAssignmentFailed'), ...effects],
  ]
}

function later({ failures }: Context, node: string): Decision {
  const count = failures.get(node) ?? 0
  const backOffMs = Math.min(BACK_OFF_BASE_MS * 2 ** count, BACK_OFF_MAX_MS)
  const due: AssignmentDue = { type: 'assignment.due', node }
  return [{ failures: failures.set(node, count + 1) }, [wake(`again ${node}`, backOffMs, due)]]
}

/** RecordNodeStatusChange */
function told({ recorder, nodes }: Context, name: string, status: string): readonly Effect[] {
  const uid = nodes.get(name)?.metadata.uid
  const event: EventHappened = {
    type: 'event.happened',
    about: { apiVersion: 'v1', kind: 'Node', name, ...(uid === undefined ? {} : { uid }) },
    kind: 'Normal',
    reason: status,
    message: `Node ${name} status is now: ${status}`,
  }
  return [send(recorder, event)]
}
