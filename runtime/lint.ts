/**
 * What XState lets pass and what would only show in a run: names that nobody declared (a missing action is skipped in
 * silence, a misspelled delay is over at once), states that nothing leads to, states that nothing leads out of.
 */
import type { AnyStateMachine, AnyStateNode } from 'xstate'
import { type Compiled, compile } from './compile/compile.ts'
import { everyNode } from './compile/nodes.ts'
import { isAfter, transitionsIn } from './compile/operations.ts'
import { placeOf } from './compile/refuse.ts'
import { nameOf } from './coverage.ts'
import { reachable } from './reachable.ts'

/** The compiled machine. @throws one error with all complaints, or when the compiled step does not know the chart. */
export function checked(machine: AnyStateMachine): Compiled {
  const complaints = lint(machine)
  if (complaints.length > 0) throw new Error(`The chart ${machine.id} is not in order:\n${complaints.join('\n')}`)
  return compile(machine)
}

/** Complaints, each a sentence that says where; none when the chart is in order. */
export function lint(machine: AnyStateMachine): readonly string[] {
  const nodes = everyNode(machine.root as AnyStateNode)
  return [
    ...named(machine),
    ...nodes.flatMap((node) => [
      ...foreignParts(node),
      ...unknownNames(node, 'actions', actionsIn(node)),
      ...unknownNames(node, 'guards', guardsIn(node)),
      ...delaysOf(node),
      ...neverTaken(node),
      ...deadEnd(node),
    ]),
    ...unreachable(machine, nodes),
    ...unused(machine, nodes),
  ]
}

const complain = (node: AnyStateNode, what: string): string => `${placeOf(node)}: ${what}`

function named({ id }: AnyStateMachine): string[] {
  const isKebabCase = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)
  return isKebabCase ? [] : [`${id}: the id of a machine is the name of its role in kebab-case.`]
}

function foreignParts(node: AnyStateNode): string[] {
  const wildcards = [...node.transitions.keys()].filter((event) => event.includes('*'))
  return [
    ...(node.invoke.length > 0 ? [complain(node, 'invoke is not for charts: ask the runtime to spawn.')] : []),
    ...wildcards.map((event) => complain(node, `the wildcard event "${event}" hides what is meant: name every event.`)),
  ]
}

type Kind = 'actions' | 'guards' | 'delays'

const declared = ({ implementations }: AnyStateMachine, kind: Kind): Readonly<Record<string, unknown>> =>
  implementations[kind] as Readonly<Record<string, unknown>>

const actionsIn = (node: AnyStateNode): unknown[] =>
  [
    ...node.entry,
    ...node.initial.actions,
    ...transitionsIn(node).flatMap(({ actions }) => actions),
    ...node.exit,
  ].filter((action) => !isAfter(action, node))

const guardsIn = (node: AnyStateNode): unknown[] =>
  transitionsIn(node).flatMap(({ guard }) => (guard === undefined ? [] : [guard]))

const delaysIn = ({ config }: AnyStateNode): string[] => Object.keys((config.after as object | undefined) ?? {})

function unknownNames(node: AnyStateNode, kind: Kind, references: readonly unknown[]): string[] {
  const one = kind === 'actions' ? 'action' : 'guard'
  return references.flatMap((reference) => {
    const name = typeof reference === 'function' ? undefined : nameOf(reference)
    if (name === undefined) return [complain(node, `an inline ${one}: declare it in setup() by a name.`)]
    return Object.hasOwn(declared(node.machine, kind), name)
      ? []
      : [complain(node, `the ${one} "${name}" is not declared in setup().`)]
  })
}

function delaysOf(node: AnyStateNode): string[] {
  return delaysIn(node).flatMap((delay) => {
    if (!Number.isNaN(Number(delay))) return [complain(node, `the delay ${delay} has no name.`)]
    return Object.hasOwn(declared(node.machine, 'delays'), delay)
      ? []
      : [complain(node, `the delay "${delay}" is not declared in setup().`)]
  })
}

/** What stands after a transition without guard on the same event. */
function neverTaken(node: AnyStateNode): string[] {
  return [...node.transitions.values(), node.always ?? []].flatMap((list) => {
    const last = list.findIndex(({ guard }) => guard === undefined)
    if (last < 0 || last === list.length - 1) return []
    const event = list[last]?.eventType || 'always'
    return [complain(node, `what stands after the unguarded transition on "${event}" is never taken.`)]
  })
}

/** The tag of a state in which a chart is meant to stay, hearing nothing, until its actor is stopped. */
const AT_REST = 'at rest'

function deadEnd(node: AnyStateNode): string[] {
  if (node.type !== 'atomic' || node.tags.includes(AT_REST)) return []
  for (let at: AnyStateNode | undefined = node; at !== undefined; at = at.parent) if (isHeard(at)) return []
  return [complain(node, 'nothing can happen here: it hears no event and is not final (or tag it "at rest").')]
}

function isHeard(node: AnyStateNode): boolean {
  const own = transitionsIn(node).filter(({ eventType }) => !eventType?.startsWith('xstate.done.state.'))
  return own.some(({ target, actions }) => target !== undefined || actions.length > 0)
}

function unreachable(machine: AnyStateMachine, nodes: readonly AnyStateNode[]): string[] {
  const reached = reachable(machine.root as AnyStateNode)
  const lost = nodes.filter((node) => !reached.has(node) && (node.parent === undefined || reached.has(node.parent)))
  return lost.map((node) => complain(node, 'nothing leads here from the initial state.'))
}

function unused(machine: AnyStateMachine, nodes: readonly AnyStateNode[]): string[] {
  const without = (kind: Kind, names: readonly unknown[]): string[] => {
    const used = new Set(names)
    const idle = Object.keys(declared(machine, kind)).filter((name) => !used.has(name))
    return idle.map((name) => `${machine.id}: "${name}", declared among the ${kind}, is used nowhere.`)
  }
  return [
    ...without('actions', nodes.flatMap(actionsIn).map(nameOf)),
    ...without('guards', nodes.flatMap(guardsIn).map(nameOf)),
    ...without('delays', nodes.flatMap(delaysIn)),
  ]
}
