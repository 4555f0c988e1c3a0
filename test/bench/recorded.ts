/**
 * What the real control plane took (performance.json of the recordings): etcd, kube-apiserver, controller manager,
 * scheduler and kwok v0.7.0 on two cores, clients limited to 5,000 requests a second; in seconds, by the clock.
 */
export const RECORDED = {
  /** From the start of etcd and kube-apiserver: the first of three runs, 2.46, 2.87 and 2.93. */
  bootToReadyNode: 2.5,
  /** One Deployment on 1,000 nodes, from the first request to the last pod Running. */
  pods5000: 90.5,
  /** 1,000 Deployments of one pod on a fresh cluster of 1,000 nodes. */
  deployments1000: 31,
  /** From none to 1,000 Ready (16.5), and from there to 5,000 (75.1). */
  nodes5000: 91,
} as const
/** `--kube-api-qps` and `--kube-api-burst` there. */
export const RATE = { perSecond: 5_000, burst: 5_000 } as const
/** Requests at once of the client that created nodes, Deployments and pods: told of one stage, the others were alike. */
export const CLIENTS = 24
