/** The client of the kubelet's heartbeats: a request that is not answered within `nodeStatusUpdateFrequency` is tried again. */
export const HEARTBEAT_TIMEOUT_MS = 10_000
