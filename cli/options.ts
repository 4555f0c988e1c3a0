/** The flags that several commands share, with the checks that make a wrong one a sentence. */
import { existsSync, readFileSync } from 'node:fs'
import { Command, InvalidArgumentError } from '@commander-js/extra-typings'
import { nodesIn } from '../machines/cluster/dump.ts'
import type { ClusterOptions } from '../machines/cluster/options.ts'
import { toMs } from '../machines/cluster/time.ts'
import v132 from '../machines/profiles/v1.32/index.ts'
import type { ApiObject } from '../machines/protocol/objects.ts'
import { manifestsAt } from './manifests.ts'

/** A flag that wants a whole number. */
export function whole(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('Write a whole number, for example 3.')
  return value
}

/** A flag that wants a duration, in ms. */
export function duration(text: string): number {
  try {
    return toMs(text)
  } catch {
    throw new InvalidArgumentError('Write a duration, for example 90s, 10m or 1h30m.')
  }
}

/** A flag that wants a file, as its text. */
function textOf(file: string): string {
  if (!existsSync(file)) throw new InvalidArgumentError('There is no such file.')
  return readFileSync(file, 'utf8')
}

/** A flag that wants a dump. @throws {BadInput} */
function dumpAt(file: string): readonly ApiObject[] {
  const objects = manifestsAt([file], v132).map(({ object }) => object as ApiObject)
  if (nodesIn(objects).size === 0) throw new InvalidArgumentError('There is no Node in it.')
  return objects
}

export const ofCluster = (name: string) =>
  new Command(name)
    .option('--nodes <n>', 'worker nodes', whole)
    .option('--fake-nodes <n>', 'nodes that kwok pretends to run', whole)
    .option('--control-planes <n>', 'control planes', whole)
    .option('--etcd <n>', 'etcd members: 1, 3 or 5', whole)
    .option('--seed <n>', 'the seed of everything that is drawn', whole)
    .option('--scheduler-config <file>', 'a KubeSchedulerConfiguration', textOf)
    .option('--from <dump>', 'begin with what kubectl get nodes,pods,… -A -o yaml wrote of a cluster', dumpAt)

interface ClusterFlags {
  readonly nodes?: number | undefined
  readonly fakeNodes?: number | undefined
  readonly controlPlanes?: number | undefined
  readonly etcd?: number | undefined
  readonly seed?: number | undefined
  readonly schedulerConfig?: string | undefined
  readonly from?: readonly ApiObject[] | undefined
}

/** What was said on the command line over what a scenario says. */
export function clusterOptions(flags: ClusterFlags, base: Partial<ClusterOptions> = {}): Partial<ClusterOptions> {
  const { nodes, fakeNodes, controlPlanes, etcd, seed, schedulerConfig: schedulerConfiguration, from: objects } = flags
  const said = Object.entries({ nodes, fakeNodes, controlPlanes, etcd, seed, schedulerConfiguration, objects }).filter(
    ([, value]) => value !== undefined,
  )
  return { ...base, ...Object.fromEntries(said) }
}
