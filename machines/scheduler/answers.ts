/**
 * Answers that depend on a pod's kind and on one node alone, remembered node by node: objects are frozen, so as long as it
 * is the same one, nobody has to ask again. From one attempt to the next, all nodes but a few are the same, and the
 * pods of one owner are of one kind (opportunistic batching, KEP-5598, does so from 1.35 on). Only time is saved by it.
 */
import { oncePer } from '../lib/once-per.ts'
import type { Snapshot } from './cache.ts'
import type { Plugin } from './framework.ts'
import type { KnownNode } from './node-info.ts'
import { NOWHERE, type NodeList, nodeListOf, placesIn } from './node-list.ts'
import type { PodInfo } from './pod-info.ts'
import { question } from './question.ts'
import { Recently } from './recently.ts'

/** What may be remembered. */
type Answer = object | string | number | null

/** To one question about the nodes of a list, each kept at the place of its node until that node changes. */
export class Answers<A extends Answer> {
  private answers: (A | undefined)[] = []
  private list: NodeList | undefined
  private nodes: readonly KnownNode[] = []
  private version = 0
  private readonly keeps: boolean

  constructor(keeps = true) {
    this.keeps = keeps
  }

  /** From now on it is asked about the list as it is now. */
  about(list: NodeList): this {
    const changed = this.list === list ? list.changedSince(this.version) : undefined
    if (changed === undefined)
      this.answers = list.nodes.map((node, i) => (node === this.nodes[i] ? this.answers[i] : undefined))
    else for (const place of changed) this.answers[place] = undefined
    this.list = list
    this.nodes = list.nodes
    this.version = list.version
    return this
  }

  /** @param place of the node in the list; NOWHERE if it is in none: then nothing is remembered */
  of(place: number, node: KnownNode, ask: (node: KnownNode) => A): A {
    if (place === NOWHERE || !this.keeps) return ask(node)
    const known = this.answers[place]
    if (known !== undefined) return known
    const answer = ask(node)
    this.answers[place] = answer
    return answer
  }
}

/** The answers to one kind of question, by all that they depend on besides the node. */
export class Remembered<A extends Answer> {
  private readonly kinds = new Recently<{ asked: number; readonly answers: Answers<A> }>(64)
  /** To what was asked for the first time: most kinds of pods that come once come never again. */
  private readonly first = new Answers<A>(false)

  /** @param snapshot of the nodes that it will be asked about */
  to(question: string, snapshot: Pick<Snapshot, 'nodes' | 'order'>): Answers<A> {
    const kind = this.kinds.of(question, () => ({ asked: 0, answers: new Answers<A>() }))
    return kind.asked++ === 0 ? this.first : kind.answers.about(nodeListOf(snapshot))
  }

  /** One for each of these nodes. */
  ofEach(question: string, snapshot: Snapshot, nodes: readonly KnownNode[], ask: (node: KnownNode) => A): readonly A[] {
    const places = placesIn(nodeListOf(snapshot).nodes, nodes)
    const answers = this.to(question, snapshot)
    return nodes.map((node, i) => answers.of(places[i] as number, node, ask))
  }
}

/** For each profile its own: what its plugins say depends on their arguments too. */
export const rememberedBy = <P extends object, A extends Answer>(): ((owner: P) => Remembered<A>) =>
  oncePer(() => new Remembered<A>())

/** All that these plugins read of the pod, as one text. */
export const signature = (pod: PodInfo, plugins: readonly Plugin[]): string =>
  plugins.map(({ name, sign }) => `${name} ${question(...(sign?.(pod) ?? []))}`).join('')
