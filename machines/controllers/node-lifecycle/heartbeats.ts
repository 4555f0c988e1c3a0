/**
 * When a node was last heard of (nodeHealthData): by the monitor's own clock, at the pass that saw a new heartbeat. The
 * times that kubelets write are compared with one another, never with a clock.
 */
import { parseTime } from '../../lib/time.ts'
import type { Lease, Node } from '../../protocol/objects.ts'
import { readyOf } from './conditions.ts'

/** `--node-monitor-grace-period` */
export const GRACE_MS = 50_000
/** `--node-startup-grace-period`: of a node that never posted its status. */
export const STARTUP_GRACE_MS = 60_000

export interface Heartbeat {
  readonly heardAt: number
  /** `lastHeartbeatTime` of its Ready condition; undefined: it has none. */
  readonly status: string | undefined
  readonly renewed: string
}

/** @returns the same record when nothing new was heard. */
export function heard(known: Heartbeat | undefined, node: Node, lease: Lease | undefined, at: number): Heartbeat {
  const ready = readyOf(node)
  const status = ready === undefined ? undefined : (ready.lastHeartbeatTime ?? '')
  const renewed = String(lease?.spec?.renewTime ?? '')
  if (known === undefined) {
    const created = parseTime(node.metadata.creationTimestamp ?? '')
    const heardAt = ready !== undefined || renewed !== '' || Number.isNaN(created) ? at : created
    return { heardAt, status, renewed }
  }
  const isRenewed = renewed > known.renewed
  if (known.status === status && !isRenewed) return known
  return { heardAt: at, status, renewed: isRenewed ? renewed : known.renewed }
}

/** A pass exactly at the end of the grace period counts: the real one's timer never is that exact. */
export const isOverdue = ({ heardAt, status }: Heartbeat, at: number): boolean =>
  at >= heardAt + (status === undefined ? STARTUP_GRACE_MS : GRACE_MS)
