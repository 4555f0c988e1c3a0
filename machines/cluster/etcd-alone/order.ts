/** Does a history of etcd keep what etcd promises? Linearizable by key, and every watch whole and in order. */
import { type Disorder, disorders } from '../../../runtime/explore/linearizable.ts'
import type { History } from '../../etcd/history/recorded.ts'
import { register } from '../../etcd/history/register.ts'
import { type Touch, touchesOf } from '../../etcd/history/touches.ts'
import { watchFaults } from '../../etcd/history/watch-faults.ts'
import type { KeyRange } from '../../protocol/etcd.ts'

/** @returns a sentence for each promise that was broken; none when all were kept */
export function brokenPromises(history: History): readonly string[] {
  return [...disorders(touchesOf(history), register()).map(inWords), ...watchFaults(history)]
}

function inWords({ object, stuck, longest, gaveUp }: Disorder<Touch>): string {
  if (gaveUp) return `the history of ${object} is too long to be judged`
  const { request, from, member, answer } = stuck.asked
  const { type, key } = request as { readonly type: string } & Partial<KeyRange>
  const what = `${type}${key === undefined ? '' : ` ${key}`}`
  return `not linearizable: ${from} asked ${member} for ${what} and was told ${told(answer)}; no order explains it after ${longest.length} others of ${object}`
}

function told(answer: Touch['asked']['answer']): string {
  if (answer?.type !== 'etcd.answered') return String(answer?.error)
  const { kvs } = answer.reply as {
    readonly kvs?: readonly { readonly value: unknown; readonly modRevision: number }[]
  }
  if (kvs === undefined) return `revision ${answer.revision}`
  return kvs.length === 0 ? 'nothing' : kvs.map(({ value, modRevision }) => `${String(value)} of ${modRevision}`).join()
}
