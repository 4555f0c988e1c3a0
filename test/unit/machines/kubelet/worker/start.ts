/** A worker as it begins, what is answered to it, and what it asked for. */
import { podWorker } from '../../../../../machines/kubelet/pod-worker.ts'
import type { core, Pod } from '../../../../../machines/protocol/objects.ts'
import type { Effect } from '../../../../../runtime/contract.ts'
import { born, type Chart } from '../../../../kit/chart.ts'
import { answered, container, DAY, IMAGE, pod, running, SELF, workerInput } from '../fixtures.ts'

export type Worker = Chart<ReturnType<typeof podWorker.getInitialSnapshot>['context']>
export const begin = (own: Pod = pod(), rest: object = {}): Worker => born(podWorker, workerInput(own, rest), SELF)

export type Asked = { readonly event: { readonly type: string; readonly [field: string]: unknown } }
export const asked = (effects: readonly Effect[], type: string) =>
  effects.flatMap((effect) => {
    const { event } = effect as unknown as Asked
    return event?.type === type ? [event] : []
  })
export const calls = (chart: Worker) => asked(chart.asked, 'cri.request').map((event) => event['call'])
export const reasons = (chart: Worker) => asked(chart.asked, 'event.happened').map((event) => event['reason'])
export const messages = (chart: Worker) => asked(chart.asked, 'event.happened').map((event) => event['message'])
export const told = (chart: Worker) =>
  asked(chart.asked, 'status.set')[0] as unknown as { status: core.PodStatus; [x: string]: unknown }

export const withSandbox = (chart: Worker) => chart.on(answered({ podSandboxId: 's0', ips: ['10.0.0.1'] }))
export const withImage = (chart: Worker) => withSandbox(chart).on(answered({ image: IMAGE }))
export const created = (chart: Worker) => withImage(chart).on(answered({ containerId: 'c0' }))
export const started = (chart: Worker) => created(chart).on(answered())
export const seconds = (n: number) => ({ at: DAY + n * 1_000 })
export const relisted = (changed: object, rest: object = {}) => ({ type: 'pod.relisted', changed, ...rest })
export const up = (own: Pod = pod()) => started(begin(own)).on(relisted(running(container())), seconds(1))
export const deleting = (own: Pod = pod(), grace = 30): Pod => ({
  ...own,
  metadata: { ...own.metadata, deletionTimestamp: '2026-01-01T00:00:00Z', deletionGracePeriodSeconds: grace },
})
export const updated = (own: Pod) => ({ type: 'pod.updated', pod: own })
