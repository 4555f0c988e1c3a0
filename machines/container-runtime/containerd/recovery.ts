/** After a restart: what the disk says is asked of the containers and sandboxes themselves. */
import { call, type Decided, type Delivery, type Effect, monitor } from '../../../runtime/contract.ts'
import { Tree } from '../../../runtime/tree.ts'
import type { ContainerInspected } from '../../protocol/workload.ts'
import { containerExited, containerGone } from './containers.ts'
import { keepContainer, recordsOn } from './records.ts'
import { type Asker, type ContainerdInput, containerAt, type Runtime, sandboxAt } from './runtime.ts'
import { sandboxGone, sandboxReady } from './sandboxes.ts'

export function restarted({ node, nodeIP, podCIDR, images }: ContainerdInput, { disk }: Delivery): Runtime {
  const runtime: Runtime = {
    ...recordsOn(disk),
    node,
    nodeIP,
    podCIDR: podCIDR ?? (disk?.get('cni') as string | undefined),
    behaviours: images,
    waiting: Tree.of<readonly Asker[]>(),
    pulls: Tree.of<number>(),
    streams: [],
    unheard: 0,
  }
  return { ...runtime, unheard: questions(runtime).length }
}

interface Question {
  readonly kind: 'container' | 'sandbox'
  readonly id: string
}
function questions({ containers, sandboxes }: Runtime): readonly Question[] {
  return [
    ...sandboxes.values().flatMap(({ id, state }) => (state === 'NOTREADY' ? [] : [{ kind: 'sandbox' as const, id }])),
    ...containers.values().flatMap(({ id, exit }) => (exit === undefined ? [{ kind: 'container' as const, id }] : [])),
  ]
}

export function everybodyAsked(runtime: Runtime): readonly Effect[] {
  return questions(runtime).map(({ kind, id }) => {
    const address = kind === 'container' ? containerAt(runtime, id) : sandboxAt(runtime, id)
    return call(address, { type: `${kind}.inspect` }, `inspect ${kind} ${id}`)
  })
}

/** One more has told how it fares. */
const heard = ({ unheard }: Runtime, [change, effects]: Decided<Runtime>): Decided<Runtime> => [
  { ...change, unheard: unheard - 1 },
  effects,
]

/** Only who answered is watched from now on: the others are lost in another way than by a crash. */
export function inspected(runtime: Runtime, { id, state, startedAt, exit }: ContainerInspected): Decided<Runtime> {
  if (exit !== undefined) return heard(runtime, containerExited(runtime, id, exit))
  const watched = monitor(containerAt(runtime, id))
  const was = runtime.containers.get(id)
  if (was === undefined || state === 'CREATED' || was.startedAt > 0) return heard(runtime, [{}, watched])
  const record = { ...was, startedAt }
  const containers = runtime.containers.set(id, record)
  return heard(runtime, [{ containers }, [keepContainer(record), watched]])
}

export function sandboxFound(runtime: Runtime, id: string): Decided<Runtime> {
  const [change, effects] = sandboxReady(runtime, id)
  return heard(runtime, [change, [effects, monitor(sandboxAt(runtime, id))].flat()])
}

/** Nobody is there: the machine had lost its power. */
export function lost(runtime: Runtime, line: string, at: number): Decided<Runtime> {
  const [, kind, id = ''] = line.split(' ')
  return heard(runtime, kind === 'container' ? containerGone(runtime, id, 255, at) : sandboxGone(runtime, id))
}
