/** What the runtime said since the last relist, by pod, and who waits for the next one. */
import { type Address, hostOf } from '../../runtime/contract.ts'
import { Tree } from '../../runtime/tree.ts'
import type { ContainerEvent } from '../protocol/cri.ts'
import type { PodRelisted, Running } from '../protocol/kubelet.ts'
import { merged, NOTHING_RUNS } from './pod/restart.ts'

export interface Noted {
  /** By `namespace/name`. */
  readonly changed: Tree<Running>
  readonly waiting: readonly Address[]
}
export const NOTHING_NOTED: Noted = { changed: Tree.of(), waiting: [] }

export function noted({ changed, waiting }: Noted, events: readonly ContainerEvent[]): Noted {
  let after = changed
  for (const event of events) {
    if (event.kind === 'CONTAINER_DELETED_EVENT') continue
    const key = `${event.pod.namespace}/${event.pod.name}`
    after = after.set(key, merged(after.get(key) ?? NOTHING_RUNS, runningOf(event)))
  }
  return { changed: after, waiting }
}
const runningOf = ({ container, sandbox }: ContainerEvent): Running => ({
  containers: container === undefined ? [] : [container],
  sandboxes: sandbox === undefined ? [] : [sandbox],
})

export const waitingToo = ({ changed, waiting }: Noted, who: Address): Noted => ({
  changed,
  waiting: waiting.includes(who) ? waiting : [...waiting, who],
})

/** What each worker is told: those of pods that changed, then those that only waited. */
export function relisted({ changed, waiting }: Noted, node: string): (readonly [Address, PodRelisted])[] {
  const told = changed
    .entries()
    .map(([key, running]) => [`pod-worker/${node}/${key}`, { type: 'pod.relisted', changed: running }] as const)
  const patient = waiting
    .filter((worker) => !changed.has(keyOfWorker(worker)))
    .map((worker) => [worker, { type: 'pod.relisted', changed: NOTHING_RUNS }] as const)
  return [...told, ...patient]
}
/** `pod-worker/node-1/default/web` → `default/web` */
export const keyOfWorker = (worker: Address): string => worker.slice(`pod-worker/${hostOf(worker)}/`.length)
