/** A kubelet's surroundings for its charts' tests: parts, pods, and what a runtime would say. */
import type { ContainerStatus, PodSandboxStatus } from '../../../../machines/protocol/cri.ts'
import type { KubeletParts, PodWorkerInput, Running } from '../../../../machines/protocol/kubelet.ts'
import type { core, Pod } from '../../../../machines/protocol/objects.ts'

/** A whole second, so that ticks fall on it. */
export const DAY = 86_400_000

export const PARTS: KubeletParts = {
  node: 'node-1',
  user: { name: 'system:node:node-1', groups: ['system:nodes'] },
  kubelet: 'kubelet/node-1',
  apiserver: 'load-balancer/lb',
  runtime: 'containerd/node-1',
  statusManager: 'status-manager/node-1',
  recorder: 'event-recorder/node-1/kubelet',
  imagePuller: 'image-puller/node-1',
  containerDeletor: 'container-deletor/node-1',
  pleg: 'pleg/node-1',
  hostIP: '192.168.1.1',
  capacity: { cpu: '4', memory: '8Gi' },
  since: 0,
}
export const SELF = 'pod-worker/node-1/default/web'

export const pod = (spec: Partial<core.PodSpec> = {}, metadata: Partial<Pod['metadata']> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'default', uid: 'u1', ...metadata },
  spec: { restartPolicy: 'Always', containers: [{ name: 'c', image: 'nginx:1' }], ...spec },
  status: { phase: 'Pending' },
})
export const workerInput = (own: Pod = pod(), rest: Partial<PodWorkerInput> = {}): PodWorkerInput => ({
  parts: PARTS,
  pod: own,
  rejection: undefined,
  found: { sandboxes: [], containers: [] },
  ...rest,
})

const POD = { name: 'web', namespace: 'default', uid: 'u1', attempt: 0 }
export const sandbox = (state: PodSandboxStatus['state'] = 'READY', attempt = 0): PodSandboxStatus => ({
  id: `s${attempt}`,
  metadata: { ...POD, attempt },
  state,
  createdAt: DAY,
  ips: state === 'READY' ? ['10.0.0.1'] : [],
})
export const container = (
  rest: Partial<ContainerStatus> & { name?: string; attempt?: number } = {},
): ContainerStatus => {
  const { name = 'c', attempt = 0, ...more } = rest
  return {
    id: `${name}${attempt}`,
    podSandboxId: 's0',
    pod: POD,
    metadata: { name, attempt },
    state: 'RUNNING',
    createdAt: DAY,
    startedAt: DAY,
    finishedAt: 0,
    exitCode: 0,
    reason: '',
    message: '',
    image: 'docker.io/library/nginx:1',
    imageRef: 'docker.io/library/nginx@sha256:1',
    terminationMessage: '',
    logTail: '',
    ...more,
  }
}
export const exited = (exitCode: number, rest: Parameters<typeof container>[0] = {}): ContainerStatus =>
  container({
    state: 'EXITED',
    exitCode,
    reason: exitCode === 0 ? 'Completed' : 'Error',
    finishedAt: DAY,
    ...rest,
  })
export const running = (...containers: readonly ContainerStatus[]): Running => ({ sandboxes: [sandbox()], containers })

export const answered = (reply: object = {}) => ({ type: 'cri.answered', reply })
export const failed = (error: string, code = 'Unknown') => ({ type: 'cri.failed', code, error })
export const lost = (line: string) => ({ type: 'call.lost', line, reason: 'refused' })
export const ok = (object?: object) => ({ type: 'api.answered', code: 200, object })
export const apiFailed = (code: number, reason: string) => ({
  type: 'api.answered',
  code,
  status: { kind: 'Status', apiVersion: 'v1', status: 'Failure', message: reason, reason, code },
})
export const IMAGE = {
  id: 'sha256:1',
  imageRef: 'docker.io/library/nginx@sha256:1',
  repoTags: ['docker.io/library/nginx:1'],
  sizeBytes: 1_000,
}
