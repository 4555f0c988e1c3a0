/** Which states a microstep enters, and in which of them the actions of `initial` run. Modelled: computeEntrySet. */
import type { AnyStateNode } from 'xstate'
import { childrenOf, type History, isDescendant, properAncestors, type Transition } from './nodes.ts'
import { domainOf, effectiveTargets, historyDefault } from './targets.ts'

export interface Entries {
  readonly entered: Set<AnyStateNode>
  /** Entered as a target or by default: the actions of their `initial` run. */
  readonly byDefault: Set<AnyStateNode>
}

export function entriesOf(transitions: readonly Transition[], history: History): Entries {
  const entries: Entries = { entered: new Set(), byDefault: new Set() }
  for (const transition of transitions) {
    const { source, target, reenter } = transition
    const domain = domainOf(transition, history)
    for (const node of target ?? []) {
      if (node.type !== 'history' && (source !== node || source !== domain || reenter)) enterByDefault(node, entries)
      addDescendants(node, history, entries)
    }
    const within = source.parent === undefined && reenter ? undefined : domain
    for (const node of effectiveTargets(target, history)) {
      const above = properAncestors(node, domain)
      if (domain?.type === 'parallel') above.push(domain)
      addAncestors(above, within, history, entries)
    }
  }
  return entries
}

function enterByDefault(node: AnyStateNode, { entered, byDefault }: Entries): void {
  entered.add(node)
  byDefault.add(node)
}

function addDescendants(node: AnyStateNode, history: History, entries: Entries): void {
  if (node.type === 'history') addRemembered(node, history, entries)
  else if (node.type === 'parallel') addRegions(node, history, entries, enterByDefault)
  else if (node.type === 'compound') {
    const initial = node.initial.target[0] as AnyStateNode
    if (initial.type !== 'history') enterByDefault(initial, entries)
    addDescendants(initial, history, entries)
    addAncestors(properAncestors(initial, node), undefined, history, entries)
  }
}

function addRemembered(node: AnyStateNode, history: History, entries: Entries): void {
  const parent = node.parent as AnyStateNode
  const otherwise = historyDefault(node)
  const remembered = history[node.id]
  const targets = remembered ?? otherwise.target
  for (const target of targets) {
    entries.entered.add(target)
    // XState: the actions of `initial` run when a history state falls back on it.
    if (remembered === undefined && (otherwise as unknown) === parent.initial) entries.byDefault.add(parent)
    addDescendants(target, history, entries)
  }
  for (const target of targets) addAncestors(properAncestors(target, parent), undefined, history, entries)
}

/** Regions of which nothing is entered yet are entered by default. */
function addRegions(
  parallel: AnyStateNode,
  history: History,
  entries: Entries,
  enter: (node: AnyStateNode, entries: Entries) => void,
): void {
  for (const region of childrenOf(parallel)) {
    if ([...entries.entered].some((node) => isDescendant(node, region))) continue
    enter(region, entries)
    addDescendants(region, history, entries)
  }
}

function addAncestors(
  ancestors: readonly AnyStateNode[],
  within: AnyStateNode | undefined,
  history: History,
  entries: Entries,
): void {
  for (const node of ancestors) {
    if (within === undefined || isDescendant(node, within)) entries.entered.add(node)
    // Unlike above, XState does not run the actions of `initial` in regions that are entered beside a target.
    if (node.type === 'parallel') addRegions(node, history, entries, enterSilently)
  }
}

const enterSilently = (node: AnyStateNode, { entered }: Entries): void => {
  entered.add(node)
}
