/** A scheduler as it begins, what it knows, and what it was seen to do. */
import type { BindingCycleInput } from '../../../../../machines/scheduler/binding-cycle.ts'
import { scheduler } from '../../../../../machines/scheduler/scheduler.ts'
import { born } from '../../../../kit/chart.ts'
import { listed } from '../cluster.ts'

export const START = 86_400_000
export const input = {
  apiserver: 'kube-apiserver/cp',
  user: { name: 'system:kube-scheduler', groups: [] },
  recorder: 'event-recorder/cp/kube-scheduler',
}
export const newborn = (more: object = {}) => born(scheduler, { ...input, ...more }, 'scheduler/cp')
export type Scheduler = ReturnType<typeof newborn>

/** A scheduler that knows these nodes and pods, and has the first pod in hand. */
export function knowing(
  nodes: readonly object[],
  pods: readonly object[],
  more: object = {},
  others: Readonly<Record<string, readonly object[]>> = {},
): Scheduler {
  return listed({ nodes, pods, ...others }).reduce((chart, event) => chart.on(event), newborn(more))
}
/** Of the three regions, the one that begins with this. */
export const region = ({ state }: Scheduler, name: string) => state.split(', ').find((part) => part.startsWith(name))
export const loop = (chart: Scheduler) => region(chart, 'loop')
export const big = { spec: { containers: [{ name: 'main', resources: { requests: { cpu: '9' } } }] } }
export const events = (chart: Scheduler) =>
  chart.did('send').map(({ event }) => (event as unknown as { message: string }).message)
export const inputOf = (chart: Scheduler) => chart.did('spawn')[0]?.input as BindingCycleInput
export const answered = (code: number) => ({ type: 'api.answered', code })
export const lost = { type: 'call.lost', line: 'condition', reason: 'reset' }

export const roomy = { status: { allocatable: { cpu: '16', memory: '8Gi', pods: '110' } } } as object
