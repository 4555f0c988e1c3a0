/** When a probe runs, and when its results settle (pkg/kubelet/prober/worker.go, doProbe). */
import { parseTime } from '../../lib/time.ts'
import type { ProbeKind, ProbeResult, ProbeWorkerInput } from '../../protocol/kubelet.ts'
import type { core } from '../../protocol/objects.ts'
import { idOf } from '../status/container-statuses.ts'
import { periodMs } from './verdict.ts'

export interface Counting {
  readonly seen: core.ContainerStatus | undefined
  readonly deleting: boolean
  /** The container that is probed. */
  readonly containerId: string
  /** As last told to the worker; `unknown` of a container that is new. */
  readonly settled: ProbeResult | 'unknown'
  readonly last: ProbeResult | 'unknown'
  readonly run: number
  /** Not before there is a new container: this one is about to be killed. */
  readonly onHold: boolean
  /** The ticker's last tick. */
  readonly tickedAt: number
  /** Wanted at once while it was running: it runs again. */
  readonly again: boolean
}
export const COUNTED_NOTHING: Omit<Counting, 'tickedAt'> = {
  seen: undefined,
  deleting: false,
  containerId: '',
  settled: 'unknown',
  last: 'unknown',
  run: 0,
  onHold: false,
  again: false,
}

type Spec = Pick<ProbeWorkerInput, 'container' | 'kind'>
export const probeOf = ({ container, kind }: Spec): core.Probe => container[`${kind}Probe`] as core.Probe

/** There is a running container whose turn it is: startup first, then the others. */
export function isProbed({ seen, onHold, containerId, deleting }: Counting, kind: ProbeKind): boolean {
  const held = onHold && idOf(seen?.containerID) === containerId
  if (seen?.state?.running === undefined || held) return false
  if (deleting && kind !== 'readiness') return false
  return kind === 'startup' ? seen.started !== true : seen.started === true
}
/** The container that was probed ended: that counts as one failure, at once. */
export const hasEnded = ({ seen, containerId, settled }: Counting): boolean =>
  containerId !== '' &&
  idOf(seen?.containerID) === containerId &&
  seen?.state?.running === undefined &&
  settled !== 'failure'

/** The last tick up to `at`. Those that find nothing to probe are gone; only one that comes during a probe is kept. */
export const lastTick = (tickedAt: number, probe: core.Probe, at: number): number =>
  tickedAt + Math.floor((at - tickedAt) / periodMs(probe)) * periodMs(probe)

/** ms to the next tick of the ticker at which the initial delay is over. A tick that was missed is due at once. */
export function untilProbe({ tickedAt, seen }: Counting, probe: core.Probe, at: number): number {
  const period = periodMs(probe)
  const startedAt = parseTime(seen?.state?.running?.startedAt ?? '')
  let tick = tickedAt + period
  const delay = (probe.initialDelaySeconds ?? 0) * 1_000
  const ready = seen?.state?.running === undefined ? at : startedAt + delay
  if (tick < ready) tick += Math.ceil((ready - tick) / period) * period
  if (tick + period <= at) tick += Math.floor((at - tick) / period) * period
  return Math.max(0, tick - at)
}
export const isDelayed = ({ seen }: Counting, probe: core.Probe, at: number): boolean =>
  at - parseTime(seen?.state?.running?.startedAt ?? '') < (probe.initialDelaySeconds ?? 0) * 1_000

/** A container that was not probed before begins with a clean slate. */
export function withContainer(counting: Counting): Partial<Counting> {
  const containerId = idOf(counting.seen?.containerID)
  if (containerId === counting.containerId) return {}
  return { containerId, settled: 'unknown', onHold: false }
}

/** After one more result: enough alike in a row settle it. */
export function counted(
  counting: Counting,
  result: ProbeResult,
  probe: core.Probe,
  kind: ProbeKind,
): Partial<Counting> {
  const run = counting.last === result ? counting.run + 1 : 1
  const { failureThreshold = 3, successThreshold = 1 } = probe
  if (run < (result === 'failure' ? failureThreshold : successThreshold)) return { last: result, run }
  const onHold = result === 'failure' && kind !== 'readiness'
  return { last: result, settled: result, onHold, run: onHold ? 0 : run }
}
