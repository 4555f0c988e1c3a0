/**
 * Answers that depend on a pod's kind and on one node alone, remembered node by node: objects are frozen, so as long as it
 * is the same one, nobody has to ask again. From one attempt to the next, all nodes but a few are the same, and the
 * pods of one owner are of one kind (opportunistic batching, KEP-5598, does so from 1.35 on). Only time is saved by it.
 */
import type { Plugin } from './framework.ts'
import type { PodInfo } from './pod-info.ts'

/** Of a list's objects, each kept at its place: from list to list most places hold the object that they held before. */
export class Answers<T, A> {
  private readonly about: T[] = []
  private readonly answers: A[] = []

  /** @param place of the object in its list; NOWHERE if it is in none: then nothing is remembered */
  of(place: number, about: T, ask: (about: T) => A): A {
    if (this.about[place] === about) return this.answers[place] as A
    const answer = ask(about)
    if (place === NOWHERE) return answer
    this.about[place] = about
    this.answers[place] = answer
    return answer
  }
}
export const NOWHERE = -1

/** The answers to one kind of question, by all that they depend on besides the object. The oldest are forgotten. */
export class Remembered<T, A> {
  private readonly byQuestion = new Map<string, Answers<T, A>>()

  to(question: string): Answers<T, A> {
    const known = this.byQuestion.get(question)
    if (known !== undefined) return known
    if (this.byQuestion.size >= MOST) this.byQuestion.delete(this.byQuestion.keys().next().value as string)
    const answers = new Answers<T, A>()
    this.byQuestion.set(question, answers)
    return answers
  }
}
const MOST = 64

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
