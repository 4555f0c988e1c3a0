/** How long containerd and runc take for what, from the recordings in reference/node/kubelet (2 cores, overlayfs). */

/** Network namespace, CNI ADD, pause container: 200–300 ms. */
export const SANDBOX_MS = 200
export const SANDBOX_SPREAD_MS = 100
/** CNI DEL and the end of the pause container. */
export const SANDBOX_STOP_MS = 60
/** Snapshot and specification of a container; its start is runc's (machines/workload/container.ts). */
export const CREATE_MS = 40
/** A pull's round trips for manifest and configuration; then layers come at the line's speed and are unpacked. */
export const PULL_MS = 400
export const PULL_BYTES_PER_MS = 20_000
/** A registry that says no says it soon. */
export const PULL_REFUSED_MS = 30
