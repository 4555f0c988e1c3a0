/**
 * Answers that depend on a pod's kind and on one node alone, remembered node by node: objects are frozen, so as long as it
 * is the same one, nobody has to ask again. From one attempt to the next, all nodes but a few are the same, and the
 * pods of one owner are of one kind (opportunistic batching, KEP-5598, does so from 1.35 on). Only time is saved by it.
 */
import type { Plugin } from './framework.ts'
import type { PodInfo } from './pod-info.ts'
import { Recently } from './recently.ts'

/** Of a list's objects, each kept at its place: from list to list most places hold the object that they held before. */
export class Answers<T, A> {
  private readonly about: (T | undefined)[] = []
  private readonly answers: (A | undefined)[] = []

  /** @param place of the object in its list; NOWHERE if it is in none: then nothing is remembered */
  of(place: number, about: T, ask: (about: T) => A): A {
    if (this.about[place] === about) return this.answers[place] as A
    const answer = ask(about)
    if (place !== NOWHERE) this.remember(place, about, answer)
    return answer
  }

  /** Without holes: an engine keeps a list with large ones as a dictionary. */
  private remember(place: number, about: T, answer: A): void {
    while (this.about.length <= place) {
      this.about.push(undefined)
      this.answers.push(undefined)
    }
    this.about[place] = about
    this.answers[place] = answer
  }
}
export const NOWHERE = -1

/** To what was asked for the first time: most kinds of pods that come once come never again. */
class Unremembered<T, A> extends Answers<T, A> {
  override of(_place: number, about: T, ask: (about: T) => A): A {
    return ask(about)
  }
}

/** The answers to one kind of question, by all that they depend on besides the object. */
export class Remembered<T, A> {
  private readonly kinds = new Recently<{ asked: number; readonly answers: Answers<T, A> }>(64)
  private readonly first = new Unremembered<T, A>()

  to(question: string): Answers<T, A> {
    const kind = this.kinds.of(question, () => ({ asked: 0, answers: new Answers<T, A>() }))
    return kind.asked++ === 0 ? this.first : kind.answers
  }
}

/** For each profile its own: what its plugins say depends on their arguments too. */
export function rememberedBy<P extends object, T, A>(): (owner: P) => Remembered<T, A> {
  const all = new WeakMap<P, Remembered<T, A>>()
  return (owner) => {
    const known = all.get(owner) ?? new Remembered<T, A>()
    all.set(owner, known)
    return known
  }
}

/** All that these plugins read of the pod, as one text. */
export const signature = (pod: PodInfo, plugins: readonly Plugin[]): string =>
  JSON.stringify(plugins.map((plugin) => [plugin.name, plugin.sign?.(pod)]))
