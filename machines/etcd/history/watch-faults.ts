/**
 * What a watch promises (etcd's API guarantees): each change of its range once, in the order of revisions, with none
 * left out between the first and the last of which it has told; and a progress notification says that all up to its
 * revision was told. What changed is known from answers to writers, and from what any watch has told.
 */
import type { EtcdWatched, KeyEvent, Operation } from '../../protocol/etcd.ts'
import { boundsOf } from '../mvcc/store.ts'
import { isIn } from '../mvcc/watch.ts'
import type { Asked, History, Watched } from './recorded.ts'

interface Known {
  readonly revision: number
  readonly key: string
  readonly type: KeyEvent['type']
}

/** @returns a sentence for each promise that was not kept */
export function watchFaults({ asked, watches }: Pick<History, 'asked' | 'watches'>): readonly string[] {
  const known = new Map<string, Known>()
  const add = (one: Known): void => void known.set(`${one.revision} ${one.key}`, one)
  for (const each of asked.values()) for (const one of writtenBy(each)) add(one)
  for (const { told } of watches.values())
    for (const { said } of told) for (const one of said.events.map(inShort)) add(one)
  const all = [...known.values()].sort((a, b) => a.revision - b.revision)
  return [...watches.values()].flatMap((watched) => [...outOfOrder(watched), ...leftOut(watched, all)])
}

const inShort = ({ type, kv }: KeyEvent): Known => ({ revision: kv.modRevision, key: kv.key, type })

/** What an acknowledged write surely changed. Transactions are left to the watches. */
function writtenBy({ request, answer }: Asked): readonly Known[] {
  if (answer?.type !== 'etcd.answered') return []
  const { revision } = answer
  const operation = request as Operation
  if (operation.type === 'etcd.Put') return [{ revision, key: operation.key, type: 'PUT' }]
  if (operation.type !== 'etcd.DeleteRange' || operation.rangeEnd !== undefined) return []
  const { deleted } = answer.reply as { readonly deleted: number }
  return deleted > 0 ? [{ revision, key: operation.key, type: 'DELETE' }] : []
}

function outOfOrder({ request, member, told }: Watched): readonly string[] {
  let [last, progress] = [0, 0]
  const seen = new Set<string>()
  const faults: string[] = []
  for (const { said } of told) {
    for (const { kv } of said.events) {
      const name = `${kv.key} at ${kv.modRevision}`
      if (kv.modRevision < last) faults.push(`a watch of ${request.key} on ${member} told ${name} after ${last}`)
      else if (kv.modRevision <= progress)
        faults.push(`a watch of ${request.key} on ${member} told ${name} after a progress notification of ${progress}`)
      if (seen.has(name)) faults.push(`a watch of ${request.key} on ${member} told ${name} twice`)
      seen.add(name)
      last = Math.max(last, kv.modRevision)
    }
    if (isProgress(said)) progress = said.revision
  }
  return faults
}

const isProgress = ({ events, created, canceled }: EtcdWatched): boolean =>
  events.length === 0 && created === undefined && canceled === undefined

function leftOut({ request, member, told }: Watched, all: readonly Known[]): readonly string[] {
  const first = told.find(({ said }) => said.created === true)?.said
  if (first === undefined) return []
  const start = request.startRevision || first.revision + 1
  const seen = new Set(
    told.flatMap(({ said }) => said.events.map(inShort)).map(({ revision, key }) => `${revision} ${key}`),
  )
  const furthest = Math.max(0, ...told.map(({ said }) => reached(said)))
  const key = request.key === '' ? '\0' : request.key
  const bounds = boundsOf({ ...request, key })
  return all
    .filter((one) => one.revision >= start && one.revision <= furthest && isIn(bounds, one.key))
    .filter(({ type }) => !(request.filters ?? []).includes(type === 'PUT' ? 'noput' : 'nodelete'))
    .filter((one) => !seen.has(`${one.revision} ${one.key}`))
    .map(
      (one) =>
        `a watch of ${request.key} on ${member} from ${start} has come to ${furthest} and left out ${one.type} ${one.key} at ${one.revision}`,
    )
}
const reached = (said: EtcdWatched): number =>
  isProgress(said) ? said.revision : Math.max(0, ...said.events.map(({ kv }) => kv.modRevision))
