/**
 * How many pods per second the scheduling algorithm alone places: no queue, no API, no binding. Every pod has requests
 * and labels of its own, so no result of one serves another; each counts on its node before the next is looked at.
 */

import type { Node, Pod } from '../../machines/protocol/objects.ts'
import { filtered, preFiltered } from '../../machines/scheduler/attempt.ts'
import { assume, type Cache, EMPTY_CACHE, nodeSeen } from '../../machines/scheduler/cache.ts'
import { podInfoOf } from '../../machines/scheduler/pod-info.ts'
import { best, scored } from '../../machines/scheduler/scoring.ts'
import { atLeast, type Benchmark, type Measured, rounded, timed } from './bench.ts'

interface Workload {
  readonly name: string
  readonly pods: number
  readonly podOf: (i: number) => Pod
  /** Pods per second that are wanted, by number of nodes. */
  readonly goals: Readonly<Record<number, number>>
}
const ZONES = 10
const ROUNDS = 3
const WARM_UP = 50

/** Ahead of the real framework on the same kind of machine (`speed` in facts.json of the recordings). */
const WORKLOADS: readonly Workload[] = [
  { name: 'plain pods', pods: 1_000, podOf: plain, goals: { 1_000: 1_300, 5_000: 1_200 } },
  { name: 'spread pods of one app', pods: 300, podOf: (i) => spread(i, 'web'), goals: { 1_000: 500, 5_000: 200 } },
  {
    name: 'spread pods of many apps',
    pods: 300,
    podOf: (i) => spread(i, `web-${i}`),
    goals: { 1_000: 500, 5_000: 200 },
  },
]

export function scheduling(): Measured {
  const loop = bareLoop()
  const benchmarks = WORKLOADS.flatMap((workload) =>
    Object.entries(workload.goals).map(([nodes, goal]) => measured(workload, Number(nodes), goal)),
  )
  return { benchmarks, notes: [`a bare loop on this machine: ${rounded(loop)} million turns per second`] }
}

function measured({ name, pods, podOf }: Workload, nodes: number, goal: number): Benchmark {
  const empty = Array.from({ length: nodes }, (_, i) => nodeOf(i)).reduce(nodeSeen, EMPTY_CACHE)
  placed(empty, WARM_UP, podOf)
  let ms = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round++) ms = Math.min(ms, placed(empty, pods, podOf))
  return atLeast(goal, `${name} on ${nodes.toLocaleString('en')} nodes`, (pods * 1_000) / ms, 'pods/s')
}

/** @returns how long it takes, in ms */
function placed(cache: Cache, pods: number, podOf: (i: number) => Pod): number {
  const waiting = Array.from({ length: pods }, (_, i) => podOf(i))
  let start = 0
  return timed(() => {
    for (const pod of waiting) {
      const info = podInfoOf(pod)
      const pre = preFiltered(info, cache)
      const { feasible, next } = filtered(info, cache, pre, start)
      const { totals } = scored(info, cache, feasible)
      const [node] = best(feasible, totals)
      if (node === undefined) throw new Error(`${info.key} fits nowhere`)
      cache = assume(cache, info, node.name)
      start = next
    }
  })
}

/** What the machine can do at all: sums in a loop, in millions of turns per second. */
function bareLoop(): number {
  const turns = 20_000_000
  let sum = 0
  const ms = timed(() => {
    for (let i = 0; i < turns; i++) sum = (sum + i) % 1_000_003
  })
  return sum < 0 ? 0 : turns / ms / 1_000
}

const nodeOf = (i: number): Node => {
  const name = `node-${i}`
  const labels = { 'kubernetes.io/hostname': name, 'topology.kubernetes.io/zone': `zone-${i % ZONES}` }
  const allocatable = { cpu: '32', memory: '128Gi', pods: '110', 'ephemeral-storage': '100Gi' }
  return { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, spec: {}, status: { allocatable } } as Node
}

function plain(i: number): Pod {
  const requests = { cpu: `${100 + i}m`, memory: `${64 + i}Mi` }
  const metadata = { name: `pod-${i}`, namespace: 'default', uid: `uid-${i}`, labels: { app: 'web', pod: `${i}` } }
  const spec = { containers: [{ name: 'main', image: 'nginx', resources: { requests } }] }
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec, status: {} } as unknown as Pod
}

/** Wants to be spread over zones and hosts, and rather not beside others of its app. */
function spread(i: number, app: string): Pod {
  const pod = plain(i)
  const labelSelector = { matchLabels: { app } }
  const over = (topologyKey: string, whenUnsatisfiable: string) => ({
    maxSkew: 5,
    topologyKey,
    whenUnsatisfiable,
    labelSelector,
  })
  const term = { labelSelector, topologyKey: 'kubernetes.io/hostname' }
  return {
    ...pod,
    metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, app } },
    spec: {
      ...pod.spec,
      topologySpreadConstraints: [
        over('topology.kubernetes.io/zone', 'DoNotSchedule'),
        over('kubernetes.io/hostname', 'ScheduleAnyway'),
      ],
      affinity: {
        podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }] },
      },
    },
  } as Pod
}
