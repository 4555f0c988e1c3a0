/** The conversation with a machine's init system. */
import type { Address } from '../../runtime/contract.ts'

/** A process that a machine keeps running. */
export interface UnitInput {
  /** The role of the process: `kubelet/node-1`. */
  readonly address: Address
  readonly machine: string
  readonly input: unknown
  readonly restart: RestartPolicy
}
/**
 * When a process that ended is started again. systemd waits `firstMs` each time (`factor` 1); a kubelet restarts static
 * pods at once, then after 10 s, 20 s … up to 5 min.
 */
export interface RestartPolicy {
  readonly firstMs: number
  readonly baseMs: number
  readonly maxMs: number
  /** After running for so long the delays begin anew. */
  readonly resetMs: number
}

/** What a machine is told at power-on (machine `host`). */
export interface HostInput {
  readonly bootMs: number
  readonly units: readonly UnitInput[]
}
/** Keep the process down until `unit.start`: `systemctl stop`. */
export interface UnitStop {
  readonly type: 'unit.stop'
}
export interface UnitStart {
  readonly type: 'unit.start'
}
