/** `orrery why`: the chain of messages that led to the state of an object or an actor. */
import type { Cluster } from '../machines/cluster/cluster.ts'
import { createCluster } from '../machines/cluster/create.ts'
import { type Profile, type ResourceFacts, resourceOfShortName } from '../machines/lib/schema.ts'
import v132 from '../machines/profiles/v1.32/index.ts'
import type { ApiRequest } from '../machines/protocol/api.ts'
import { dotted } from '../runtime/inspect/state.ts'
import { lastChangeOf, Memory } from '../runtime/inspect/why.ts'
import { replay } from '../runtime/record.ts'
import { BORN, type TraceRecord } from '../runtime/trace.ts'
import { BadInput } from './failure.ts'
import { loaded } from './load.ts'
import { clusterOptions, duration, ofCluster } from './options.ts'
import { recordingOf } from './replay.ts'
import { clusterOf } from './setting.ts'
import { clock, paint, print } from './terminal.ts'

export const whyCommand = () =>
  ofCluster('why')
    .description(
      'why is it so? The chain of messages behind the state of an object (pod/web-1) or an actor (kubelet/node-1)',
    )
    .argument('<subject>', 'kind/name, namespace/kind/name, or the address of an actor')
    .argument('[paths...]', 'manifests to apply first')
    .option('--replay <token>', 'ask about a recorded run instead')
    .option('--for <duration>', 'how long the manifests run before the question', duration)
    .option('--json', 'the chain as JSON')
    .action(async (subject, paths, flags) => {
      const memory = new Memory()
      const cluster = flags.replay === undefined ? await lived(paths, flags, memory) : await again(flags.replay, memory)
      const record = lastWord(cluster, memory, subject)
      const chain = memory.why(record)
      if (flags.json === true) print(JSON.stringify(chain, undefined, 2))
      else for (const each of chain) print(line(each))
    }) as never

interface Flags {
  readonly nodes?: number
  readonly controlPlanes?: number
  readonly etcd?: number
  readonly seed?: number
  readonly for?: number
}

async function lived(paths: readonly string[], flags: Flags, memory: Memory): Promise<Cluster> {
  if (paths.length === 0) throw new BadInput('name manifests to apply first, or a run with --replay')
  const { manifests } = await loaded(paths, v132)
  const cluster = createCluster(clusterOptions(flags), memory.sink)
  cluster.kubectl.apply(manifests)
  cluster.run(flags.for ?? 60_000)
  return cluster
}

async function again(token: string, memory: Memory): Promise<Cluster> {
  const recording = recordingOf(token)
  const cluster = await clusterOf(recording.setting, memory.sink)
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
