/** `orrery why`: the chain of messages that led to the state of an object or an actor. */

import type { Cluster } from '../machines/cluster/cluster.ts'
import { createCluster } from '../machines/cluster/create.ts'
import { type Attempt, AttemptsSeen, placeOf } from '../machines/cluster/explaining.ts'
import type { ClusterOptions } from '../machines/cluster/options.ts'
import { type Profile, type ResourceFacts, resourceOfShortName } from '../machines/lib/schema.ts'
import v132 from '../machines/profiles/v1.32/index.ts'
import type { ApiRequest } from '../machines/protocol/api.ts'
import type { ApiObject } from '../machines/protocol/objects.ts'
import { dotted } from '../runtime/inspect/state.ts'
import { lastChangeOf, Memory } from '../runtime/inspect/why.ts'
import { replay } from '../runtime/record.ts'
import { BORN, type TraceRecord } from '../runtime/trace.ts'
import type { World } from '../runtime/world.ts'
import { inLines } from './explained.ts'
import { BadInput, understood } from './failure.ts'
import { loaded } from './load.ts'
import { clusterOptions, duration, ofCluster } from './options.ts'
import { applyFiles } from './refusal.ts'
import { recordingOf } from './replay.ts'
import { clusterOf } from './setting.ts'
import { clock, paint, print } from './terminal.ts'

export const whyCommand = () =>
  ofCluster('why')
    .description(
      'why is it so? The chain of messages behind the state of an object (pod/web-1) or an actor (kubelet/node-1); of a pod also what the scheduler made of it',
    )
    .argument('<subject>', 'kind/name, namespace/kind/name, or the address of an actor')
    .argument('[paths...]', 'manifests to apply first')
    .option('--replay <token>', 'ask about a recorded run instead')
    .option('--for <duration>', 'how long the manifests run before the question', duration)
    .option('--json', 'the chain as JSON')
    .action(async (subject, paths, flags) => {
      const asked = new Asked(subject)
      const cluster = flags.replay === undefined ? await lived(paths, flags, asked) : await again(flags.replay, asked)
      const chain = asked.memory.why(lastWord(cluster, asked.memory, subject))
      const attempts = asked.attempts?.all
      if (flags.json === true) print(JSON.stringify(attempts === undefined ? chain : { chain, attempts }, undefined, 2))
      else {
        for (const each of chain) print(line(each))
        if (attempts !== undefined) tell(cluster, subject, attempts)
      }
    }) as never

/** What is noted of a run for the question. */
class Asked {
  readonly memory = new Memory()
  attempts: AttemptsSeen | undefined
  private readonly pod: string | undefined

  constructor(subject: string) {
    try {
      const { namespace, name } = placeOf(subject)
      this.pod = `${namespace}/${name}`
    } catch {
      // Only pods are scheduled.
    }
  }

  readonly meet = (world: World): void => {
    if (this.pod !== undefined) this.attempts = new AttemptsSeen(world, (key) => key === this.pod)
  }
}

/** One that nobody tried to place is asked about as it is. */
function tell(cluster: Cluster, subject: string, attempts: readonly Attempt[]): void {
  print('')
  for (const { at, explanation, node } of attempts) {
    print(paint('dim', `the scheduler at ${clock(at)}:`))
    print(inLines(explanation, node).join('\n'))
  }
  if (attempts.length === 0) print(inLines(cluster.explain(subject)).join('\n'))
}

interface Flags {
  readonly nodes?: number
  readonly controlPlanes?: number
  readonly etcd?: number
  readonly seed?: number
  readonly schedulerConfig?: string
  readonly from?: readonly ApiObject[]
  readonly for?: number
}

async function lived(paths: readonly string[], flags: Flags, asked: Asked): Promise<Cluster> {
  if (paths.length === 0 && flags.from === undefined)
    throw new BadInput('name manifests to apply first, a dump with --from, or a run with --replay')
  const { manifests, files } = await loaded(paths, v132)
  const cluster = created(clusterOptions(flags), asked)
  if (manifests.length > 0) applyFiles(cluster, manifests, files)
  cluster.run(flags.for ?? 60_000)
  return cluster
}

function created(options: Partial<ClusterOptions>, { memory, meet }: Asked): Cluster {
  try {
    return createCluster(options, memory.sink, meet)
  } catch (error) {
    throw understood(error)
  }
}

async function again(token: string, asked: Asked): Promise<Cluster> {
  const recording = recordingOf(token)
  const cluster = await clusterOf(recording.setting, asked.memory.sink, asked.meet)
  replay(cluster.world, recording)
  return cluster
}

/** The last thing that made the subject what it is: the last write of an object, the last change of an actor's state. */
function lastWord(cluster: Cluster, memory: Memory, subject: string): TraceRecord {
  const known = cluster.world.snapshot(subject) !== undefined
  const record = known ? memory.last(lastChangeOf(subject)) : memory.last(writes(subject, cluster.profile))
  if (record === undefined) throw new BadInput(`${subject}: nothing happened to it in this run; is the name right?`)
  return record
}

function writes(subject: string, profile: Profile): (record: TraceRecord) => boolean {
  const parts = subject.split('/')
  const name = parts.at(-1)
  const facts = resourceOfShortName(profile, parts.at(-2) ?? '')
  if (facts === undefined) throw new BadInput(`${subject}: neither an actor nor kind/name; write for example pod/web-1`)
  const namespace = parts.length > 2 ? parts[0] : undefined
  return ({ event }) =>
    event.type === BORN &&
    isWriteOf((event as unknown as { input?: { request?: ApiRequest } }).input?.request, facts, name, namespace)
}

const isWriteOf = (
  request: ApiRequest | undefined,
  { name: resource }: ResourceFacts,
  name: string | undefined,
  namespace: string | undefined,
): boolean =>
  request !== undefined &&
  request.resource === resource &&
  request.name === name &&
  (namespace === undefined || request.namespace === namespace)

function line({ n, at, from, to, event, before, after }: TraceRecord): string {
  const moved =
    JSON.stringify(before) === JSON.stringify(after) || after === undefined
      ? ''
      : `  ${before === undefined ? '' : `${dotted(before)} → `}${dotted(after)}`
  const who = from === to || from === '' ? to : `${from} → ${to}`
  return `${paint('dim', `#${n}`.padStart(8))} ${paint('dim', clock(at).padStart(10))}  ${who}: ${paint('bold', event.type)}${moved}`
}
