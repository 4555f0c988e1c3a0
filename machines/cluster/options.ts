/** What a cluster is made of: the options of `createCluster`, checked and completed. */
import type { AnyStateMachine } from 'xstate'
import type { Latencies } from '../../runtime/network.ts'
import { DEFAULT_LATENCIES } from '../../runtime/network.ts'
import { CLIENT_RATE } from '../controller-manager/parts.ts'
import type { Listed } from '../controllers/kit/listed.ts'
import type { Rate } from '../controllers/kit/token-bucket.ts'
import { BUGS, type Bug } from '../etcd/bug.ts'
import type { OwnResource } from '../lib/schema.ts'
import type { ApiObject } from '../protocol/objects.ts'
import type { Behaviour } from '../protocol/workload.ts'
import { BadOptions } from './bad-options.ts'
import { newestIn, nodesIn } from './dump.ts'
import { scheduling } from './scheduler-options.ts'

export { BadOptions }

export interface ClusterOptions {
  /** Worker nodes, `node-1` … */
  readonly nodes: number
  /** Nodes that kwok pretends to run, `kwok-node-0` …: what is bound to them is Running at once, and no container runs. */
  readonly fakeNodes: number
  /** Hosts with an API server, a scheduler and a controller manager, `cp-1` … */
  readonly controlPlanes: number
  /**
   * etcd members, on the first control planes: 1, 3 or 5. Or the URLs of those of a real etcd: then the cluster has none of
   * its own, is handed over at power-on, and goes on as whoever drives it carries questions there and answers back.
   */
  readonly etcd: number | readonly string[]
  readonly seed: number
  /** An error of old, put back into every etcd member: to see whether it is found. */
  readonly bug: Bug | undefined
  /** What each worker has. */
  readonly capacity: Readonly<Record<string, string>>
  /** What each fake node says that it has. */
  readonly fakeCapacity: Readonly<Record<string, string>>
  /** The version of the control groups of the workers' Linux. */
  readonly cgroups: 1 | 2
  /** Labels of single workers, by name. */
  readonly labels: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly latencies: Latencies
  readonly diskMs: number
  /** Wall-clock time at the beginning, in ms since 1970. */
  readonly epochMs: number
  /** From power-on to the start of the first process. */
  readonly bootMs: number
  /** Fails at once when a machine throws, with seed, step and address. */
  readonly strict: boolean
  /** Steps every chart by XState instead of compiled: slower, the same log. */
  readonly interpreted: boolean
  /** The user's own machines, spawned by their id. */
  readonly machines: readonly AnyStateMachine[]
  /** What images do in their containers; what is not told runs for ever and is ready at once. */
  readonly images: readonly Behaviour[]
  /** The user's own controllers, run by the controller manager beside the built-in ones. */
  readonly controllers: readonly Listed[]
  /** `--kube-api-qps` and `--kube-api-burst` of each controller's client; undefined: no limit. */
  readonly controllerRate: Rate | undefined
  /** A KubeSchedulerConfiguration, as YAML or as data; undefined: the default one. */
  readonly schedulerConfiguration: string | object | undefined
  /**
   * The user's own Permit plugins of the scheduler: machines that answer `permit.asked`. A profile of the configuration
   * enables them by their ids.
   */
  readonly permitPlugins: readonly AnyStateMachine[]
  /** The limit of the scheduler's client over what its configuration says; undefined: no limit. */
  readonly schedulerRate: Rate | 'as configured' | undefined
  /** `--terminated-pod-gc-threshold`: how many finished pods may stay. */
  readonly terminatedPodThreshold: number
  /** The user's own kinds. */
  readonly resources: readonly OwnResource[]
  /** Waits until all nodes are ready; else the cluster is handed over at power-on. */
  readonly ready: boolean
  /**
   * What it begins with. With Nodes among them it is a dump of a cluster (`kubectl get nodes,pods,… -A -o yaml`): those
   * are its workers, and all is there from the beginning, as restored from a backup. Else: applied once it is ready.
   */
  readonly objects: readonly ApiObject[]
}

const DEFAULTS: ClusterOptions = {
  nodes: 3,
  fakeNodes: 0,
  controlPlanes: 1,
  etcd: 1,
  seed: 42,
  bug: undefined,
  capacity: { cpu: '4', memory: '8Gi', pods: '110', 'ephemeral-storage': '100Gi' },
  fakeCapacity: { cpu: '32', memory: '256Gi', pods: '110' },
  cgroups: 2,
  labels: {},
  latencies: DEFAULT_LATENCIES,
  diskMs: 1,
  epochMs: 1_767_225_600_000,
  bootMs: 2_000,
  strict: true,
  interpreted: false,
  machines: [],
  images: [],
  controllers: [],
  controllerRate: CLIENT_RATE,
  schedulerConfiguration: undefined,
  permitPlugins: [],
  schedulerRate: 'as configured',
  terminatedPodThreshold: 12_500,
  resources: [],
  ready: true,
  objects: [],
}

/** @throws {BadOptions} */
export function completed(options: Partial<ClusterOptions>): ClusterOptions {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(DEFAULTS, name))
  if (unknown !== undefined)
    throw new BadOptions(`there is no option "${unknown}"; there are ${Object.keys(DEFAULTS).join(', ')}`)
  const controlPlanes = options.controlPlanes ?? DEFAULTS.controlPlanes
  const etcd = options.etcd ?? (controlPlanes >= 5 ? 5 : controlPlanes >= 3 ? 3 : 1)
  const complete = { ...DEFAULTS, ...options, controlPlanes, etcd, ...ofDump(options) }
  whole('nodes', complete.nodes, 0)
  whole('fakeNodes', complete.fakeNodes, 0)
  whole('controlPlanes', controlPlanes, 1)
  rate('controllerRate', complete.controllerRate)
  if (complete.schedulerRate !== 'as configured') rate('schedulerRate', complete.schedulerRate)
  scheduling(complete)
  if (complete.bug !== undefined && !BUGS.includes(complete.bug))
    throw new BadOptions(`bug: there is no "${complete.bug}"; there are ${BUGS.join(', ')}`)
  if (typeof etcd !== 'number') return onOutsideEtcd(complete, etcd)
  if (![1, 3, 5].includes(etcd)) throw new BadOptions(`etcd: ${etcd} members are no quorum; use 1, 3 or 5`)
  if (etcd > controlPlanes)
    throw new BadOptions(`etcd: ${etcd} members need as many control planes; there are ${controlPlanes}`)
  return complete
}

/** Nobody answers for a real etcd while the cluster is being created: all that needs an answer must come later. */
function onOutsideEtcd(options: ClusterOptions, urls: readonly string[]): ClusterOptions {
  const wrong = urls.find((url) => !/^http:\/\/[^/?#@\s]+\/?$/.test(url))
  if (wrong !== undefined || urls.length === 0)
    throw new BadOptions(`etcd: "${wrong ?? ''}" is no URL of an etcd member; write for example http://127.0.0.1:2379`)
  if (options.objects.length > 0)
    throw new BadOptions('objects: a real etcd has objects of its own; apply others when the cluster is ready')
  if (options.bug !== undefined) throw new BadOptions('bug: a real etcd has those that it has')
  return { ...options, ready: false }
}

/** Nothing of a dump is younger than its cluster, and its nodes are the cluster's. */
function ofDump({ objects = [], epochMs = DEFAULTS.epochMs }: Partial<ClusterOptions>): Partial<ClusterOptions> {
  const nodes = nodesIn(objects)
  if (nodes.size === 0) return {}
  const taken = [...nodes.keys()].find((name) => /^(cp-\d+|lb|workstation)$/.test(name))
  if (taken !== undefined) throw new BadOptions(`objects: the node "${taken}" has the name of another machine here`)
  return { nodes: nodes.size, epochMs: Math.max(epochMs, newestIn(objects) ?? 0) }
}

function whole(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least)
    throw new BadOptions(`${name}: ${value} is not a whole number from ${least} up`)
}

/** Options may come from plain JavaScript. */
function rate(name: string, value: Partial<Rate> | undefined): void {
  if (value === undefined || [value?.perSecond, value?.burst].every((part) => typeof part === 'number' && part > 0))
    return
  const shown = JSON.stringify(value)
  throw new BadOptions(
    `${name}: ${shown} is no rate; write for example { perSecond: 20, burst: 30 }, or undefined for no limit`,
  )
}
