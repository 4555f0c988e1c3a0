/** What containerd holds in memory, and the manners in which it answers. */
import { type Address, answer, type Delivery, type Effect, push } from '../../../runtime/contract.ts'
import type { Tree } from '../../../runtime/tree.ts'
import type { ContainerEvent, CriFailed, CriReply } from '../../protocol/cri.ts'
import type { Behaviour } from '../../protocol/workload.ts'
import type { Records } from './records.ts'

/** What containerd is told at birth (machine `containerd`). */
export interface ContainerdInput {
  readonly node: string
  readonly nodeIP: string
  /** Absent until the node has its range: `cni.configured` tells it then. */
  readonly podCIDR?: string
  /** What images do, the most special first; known images and the default come after them. */
  readonly images: readonly Behaviour[]
}
export interface Asker {
  readonly from: Address
  readonly call: number
}
export interface Runtime extends Records {
  readonly node: string
  readonly nodeIP: string
  readonly podCIDR: string | undefined
  readonly behaviours: readonly Behaviour[]
  /** Who waits for what: by `run <sandbox>`, `start <container>`, `pull <image>` … */
  readonly waiting: Tree<readonly Asker[]>
  readonly pulls: Tree<number>
  /** Kubelets that follow the events. */
  readonly streams: readonly number[]
  /** After a restart: how many have not yet told how they fare. */
  readonly unheard: number
}

export const reply = ({ from, call }: Asker, told: CriReply = {}): Effect =>
  answer(from, call, { type: 'cri.answered', reply: told })
export const failure = (code: string, error: string): CriFailed => ({ type: 'cri.failed', code, error })
export const fail = ({ from, call }: Asker, code: string, error: string): Effect =>
  answer(from, call, failure(code, error))

export const awaited = ({ waiting }: Runtime, what: string, { from, call }: Delivery): Tree<readonly Asker[]> =>
  waiting.update(what, (askers = []) => [...askers, { from, call }])
export const askersOf = ({ waiting }: Runtime, what: string): readonly Asker[] => waiting.get(what) ?? NOBODY
const NOBODY: readonly Asker[] = []

export const told = ({ streams }: Runtime, event: ContainerEvent): readonly Effect[] =>
  streams.map((stream) => push(stream, { type: 'cri.events', events: [event] }))

export const containerAt = ({ node }: Runtime, id: string): Address => `container/${node}/${id}`
export const sandboxAt = ({ node }: Runtime, id: string): Address => `pod-sandbox/${node}/${id}`
