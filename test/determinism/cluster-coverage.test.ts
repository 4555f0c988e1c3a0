/** How much of every chart whole-cluster runs take on their own: printed beside what the tests of the chart take. */
import { afterAll, expect, test } from 'vitest'
import type { AnyMachineSnapshot, AnyStateMachine, AnyStateNode, StateValue } from 'xstate'
import { type Cluster, catalogue } from '../../machines/index.ts'
import type { Counts } from '../../machines/workload/traffic.ts'
import { Coverage } from '../../runtime/coverage.ts'
import { watchTransitions } from '../../runtime/step.ts'
import { BORN, type TraceRecord } from '../../runtime/trace.ts'
import { extended } from '../kit/extended.ts'
import { pretended } from '../kit/pretended.ts'
import { tellAll, VISITOR } from './long-story.ts'

/** Charts that the long story does not meet, each with the reason. */
const NOT_MET: Readonly<Record<string, string>> = {
  'api-log-reader': 'logs are asked for over HTTP: no simulated client reads them',
}

const coverage = new Coverage()
afterAll(() => watchTransitions(undefined))

test('a long story of one cluster, and short ones of fake nodes and of extenders, meet every chart', ({ task }) => {
  watchTransitions(coverage.take)
  const begun = ({ world }: Cluster) =>
    world.observe((record) => {
      const logic = world.inside.logics.get(record.machine)
      if (record.event.type === BORN && logic !== undefined) coverage.start(bornAs(logic.machine, record))
    })
  const cluster = tellAll({ interpreted: true }, begun)
  pretended({ interpreted: true }, begun)
  extended({ interpreted: true }, begun)
  const charts = catalogue.map(({ machine }) => [machine.id, coverage.of(machine)] as const)
  Object.assign(task.meta, { clusterRuns: Object.fromEntries(charts) })
  const missed = charts.filter(([, { states }]) => states.taken === 0).map(([id]) => id)
  expect(missed).toEqual(Object.keys(NOT_MET))
  const { counts } = cluster.world.snapshot(VISITOR)?.context as { readonly counts: Counts }
  expect(counts.succeeded).toBeGreaterThan(counts.failed)
})

/** A trace tells the state of a birth, not the snapshot. */
const bornAs = (machine: AnyStateMachine, { after }: TraceRecord): AnyMachineSnapshot =>
  ({ _nodes: nodesIn(machine.root as AnyStateNode, after ?? {}) }) as unknown as AnyMachineSnapshot

function nodesIn(node: AnyStateNode, value: StateValue): AnyStateNode[] {
  const parts = typeof value === 'string' ? { [value]: {} } : value
  const below = Object.entries(parts).flatMap(([key, inner]) => {
    const child = node.states[key] as AnyStateNode | undefined
    return child === undefined ? [] : nodesIn(child, inner ?? {})
  })
  return [node, ...below]
}
