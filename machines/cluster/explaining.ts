/**
 * What the scheduler makes of a pod, for who asks: what it would decide now, and every attempt that it made. Nothing is
 * kept for it while a cluster runs: what is known now is read from the scheduler, and earlier attempts are lived again.
 */
import type { Address } from '../../runtime/contract.ts'
import { dotted } from '../../runtime/inspect/state.ts'
import type { TraceRecord } from '../../runtime/trace.ts'
import type { World } from '../../runtime/world.ts'
import type { Pod } from '../protocol/objects.ts'
import type { BindingCycleInput } from '../scheduler/binding-cycle.ts'
import { type SchedulerContext, WATCHED, waiting } from '../scheduler/cycle.ts'
import { cacheFrom } from '../scheduler/dump.ts'
import { type Deciding, type Explanation, explain } from '../scheduler/explain.ts'
import type { Cluster } from './cluster.ts'
import { controlPlanesOf } from './layout.ts'
import { scheduling } from './scheduler-options.ts'

/** One attempt to place a pod. */
export interface Attempt {
  /** Virtual time in ms since the power came on. */
  readonly at: number
  readonly scheduler: Address
  /** All that every plugin said. */
  readonly explanation: Explanation
  /** Where it went: one of the best; undefined: nowhere. */
  readonly node: string | undefined
}

/** @param subject `pod/web-1`, `shop/pod/web-1` @throws when there is no such pod */
export function explained(cluster: Cluster, subject: string): Explanation {
  const { namespace, name } = placeOf(subject)
  const { object } = cluster.pod(name, namespace)
  if (object === undefined) throw new Error(`${subject}: there is no pod "${name}" in the namespace "${namespace}"`)
  return explain(decidingIn(cluster), object)
}

/** Pods alone are scheduled. @throws for everything else */
export function placeOf(subject: string): { readonly namespace: string; readonly name: string } {
  const match = /^(?:([^/]+)\/)?(?:pods?|po)\/([^/]+)$/.exec(subject)
  if (match === null)
    throw new Error(`${subject}: only pods are scheduled; write for example pod/web-1 or shop/pod/web-1`)
  return { namespace: match[1] ?? 'default', name: match[2] as string }
}

/** As the scheduler that leads knows it; while none does, as a new one would. */
function decidingIn(cluster: Cluster): Deciding {
  for (const host of controlPlanesOf(cluster.options)) {
    const context = schedulerAt(cluster.world, `scheduler/${host}`)
    if (context !== undefined && WATCHED.every((resource) => context.filled.includes(resource))) return context
  }
  const objects = WATCHED.flatMap((resource) => cluster.get(resource).map((object) => ({ resource, object })))
  return { cache: cacheFrom(objects), profiles: scheduling(cluster.options).profiles, nextNode: 0 }
}

const schedulerAt = (world: World, address: Address): SchedulerContext | undefined =>
  world.snapshot(address)?.context as SchedulerContext | undefined

/** Watches the schedulers of a world, and keeps what each attempt of some pods was decided from. */
export class AttemptsSeen {
  private readonly world: World
  private readonly isAsked: (key: string) => boolean
  private readonly seen: Seen[] = []

  /** @param isAsked by `namespace/name` */
  constructor(world: World, isAsked: (key: string) => boolean) {
    this.world = world
    this.isAsked = isAsked
    world.observe((record) => this.take(record))
  }

  /** Oldest first. */
  get all(): readonly Attempt[] {
    return this.seen.map(({ at, scheduler, deciding, pod, node }) => {
      return { at, scheduler, explanation: explain(deciding, pod), node }
    })
  }

  private take({ machine, to, at, before, after, effects }: TraceRecord): void {
    if (machine !== 'scheduler' || before === undefined || after === undefined) return
    if (!decides(dotted(before)) || decides(dotted(after))) return
    // Records are told before the step counts, so this is what was decided from.
    const deciding = schedulerAt(this.world, to)
    const pod = deciding && waiting(deciding.queue, deciding.attempt)
    if (deciding === undefined || pod === undefined || !this.isAsked(pod.key)) return
    this.seen.push({ at, scheduler: to, deciding, pod: pod.pod, node: nodeIn(effects) })
  }
}
/** Whom the binding cycle binds it to. */
function nodeIn(effects: TraceRecord['effects']): string | undefined {
  const cycle = effects.find((effect) => effect.do === 'spawn' && effect.machine === 'binding-cycle')
  return (cycle as { readonly input?: Pick<BindingCycleInput, 'node'> } | undefined)?.input?.node
}
interface Seen {
  readonly at: number
  readonly scheduler: Address
  readonly deciding: Deciding
  readonly pod: Pod
  readonly node: string | undefined
}
const decides = (state: string): boolean => state.includes('scheduling.attempting')
