/** Whatever nodes and pods there are: where a pod is put, it fits; where it is put nowhere, it would fit nowhere. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { filtered, preFiltered } from '../../../../machines/scheduler/attempt.ts'
import { assume, type Cache } from '../../../../machines/scheduler/cache.ts'
import { podInfoOf } from '../../../../machines/scheduler/pod-info.ts'
import { best, scored } from '../../../../machines/scheduler/scoring.ts'
import { cacheWith, node, pod } from './cluster.ts'

interface Machine {
  readonly name: string
  readonly cpu: number
  readonly pods: number
  readonly zone: string
  readonly tainted: boolean
  readonly cordoned: boolean
}
interface Wish {
  readonly cpu: number
  readonly zone: string | undefined
  readonly tolerates: boolean
  readonly port: number | undefined
  /** Not in a zone with another of its app. */
  readonly apart: boolean
  readonly app: string
}
interface Put extends Wish {
  readonly on: string
}

const ZONES = ['east', 'west', 'north']
const ZONE = 'topology.kubernetes.io/zone'
const machines = fc.array(
  fc.record({
    cpu: fc.integer({ min: 0, max: 6 }),
    pods: fc.integer({ min: 1, max: 4 }),
    zone: fc.constantFrom(...ZONES),
    tainted: fc.boolean(),
    cordoned: fc.boolean(),
  }),
  { minLength: 1, maxLength: 6 },
)
const wishes = fc.array(
  fc.record({
    cpu: fc.integer({ min: 0, max: 3 }),
    zone: fc.option(fc.constantFrom(...ZONES), { nil: undefined }),
    tolerates: fc.boolean(),
    port: fc.option(fc.constantFrom(80, 443), { nil: undefined }),
    apart: fc.boolean(),
    app: fc.constantFrom('web', 'api'),
  }),
  { maxLength: 15 },
)

/** The rule of the game, in sums over what lies where. */
function mayBeOn(wish: Wish, machine: Machine, put: readonly Put[], zoneOf: (name: string) => string): boolean {
  const here = put.filter(({ on }) => on === machine.name)
  const beside = put.filter(({ on, app }) => zoneOf(on) === machine.zone && app === wish.app)
  return (
    !machine.cordoned &&
    (!machine.tainted || wish.tolerates) &&
    (wish.zone === undefined || wish.zone === machine.zone) &&
    here.length < machine.pods &&
    here.reduce((sum, { cpu }) => sum + cpu, wish.cpu) <= machine.cpu &&
    here.every(({ port }) => port === undefined || port !== wish.port) &&
    !beside.some(({ apart }) => apart || wish.apart)
  )
}

const nodeOf = ({ name, cpu, pods, zone, tainted, cordoned }: Machine) =>
  node(name, {
    metadata: { labels: { [ZONE]: zone } },
    spec: {
      ...(cordoned ? { unschedulable: true } : {}),
      ...(tainted ? { taints: [{ key: 'own', effect: 'NoSchedule' }] } : {}),
    },
    status: { allocatable: { cpu: `${cpu}`, memory: '8Gi', pods: `${pods}` } },
  } as object)

const podOf = ({ cpu, zone, tolerates, port, apart, app }: Wish, i: number) =>
  pod(`p${i}`, {
    metadata: { labels: { app } },
    spec: {
      containers: [
        {
          name: 'main',
          resources: { requests: { cpu: `${cpu}` } },
          ...(port === undefined ? {} : { ports: [{ containerPort: port, hostPort: port }] }),
        },
      ],
      ...(zone === undefined ? {} : { nodeSelector: { [ZONE]: zone } }),
      ...(tolerates ? { tolerations: [{ key: 'own', operator: 'Exists' }] } : {}),
      ...(apart ? { affinity: { podAntiAffinity: keepingApart(app) } } : {}),
    },
  } as object)

const keepingApart = (app: string) => ({
  requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: { matchLabels: { app } }, topologyKey: ZONE }],
})

/** Where the scheduler puts it; `undefined` when nowhere. */
function place(info: ReturnType<typeof podInfoOf>, cache: Cache): string | undefined {
  const pre = preFiltered(info, cache)
  const { feasible } = filtered(info, cache, pre, 0)
  return feasible.length === 0 ? undefined : best(feasible, scored(info, cache, feasible).totals)[0]?.name
}

test('a pod scheduled fits, and one that is not would fit nowhere', () => {
  fc.assert(
    fc.property(machines, wishes, (drawn, wanted) => {
      const list = drawn.map((machine, i) => ({ ...machine, name: `n${i}` }))
      const zoneOf = (name: string) => list.find((machine) => machine.name === name)?.zone ?? ''
      let cache = cacheWith(list.map(nodeOf))
      const put: Put[] = []
      for (const [i, wish] of wanted.entries()) {
        const info = podInfoOf(podOf(wish, i))
        const on = place(info, cache)
        const fitting = list.filter((machine) => mayBeOn(wish, machine, put, zoneOf)).map(({ name }) => name)
        if (on === undefined) expect(fitting).toEqual([])
        else {
          expect(fitting).toContain(on)
          put.push({ ...wish, on })
          cache = assume(cache, info, on)
        }
      }
    }),
    { numRuns: 200 },
  )
})
