/** Every machine there is, with the component that it belongs to and the file in which it is drawn. */
import type { AnyStateMachine } from 'xstate'
import { kubeApiserver } from './apiserver/apiserver.ts'
import { apiserverBootstrap } from './apiserver/bootstrap.ts'
import { apiCollectionDeletion } from './apiserver/collection-deletion.ts'
import { etcdCompactor } from './apiserver/compactor.ts'
import { disruptionClaim } from './apiserver/disruption-claim.ts'
import { apiHealthCheck } from './apiserver/health-check.ts'
import { apiLogReader } from './apiserver/log-reader.ts'
import { quotaEvaluator } from './apiserver/quota-evaluator.ts'
import { apiRead } from './apiserver/read.ts'
import { apiRequest } from './apiserver/request.ts'
import { flanneld } from './cni/flanneld.ts'
import { containerd } from './container-runtime/containerd/containerd.ts'
import { imagePull } from './container-runtime/containerd/image-pull.ts'
import { podSandbox } from './container-runtime/containerd/pod-sandbox.ts'
import { controllers } from './controllers/index.ts'
import { apiClient } from './controllers/kit/api-client.ts'
import { eventRecorder } from './controllers/kit/event-recorder.ts'
import { leaderElector } from './controllers/kit/leader-elector.ts'
import { leadingProcess } from './controllers/kit/leading-process.ts'
import { reflector } from './controllers/kit/reflector.ts'
import { coredns } from './dns/coredns.ts'
import { etcd } from './etcd/member.ts'
import { host } from './host/host.ts'
import { unit } from './host/unit.ts'
import { kubeProxy } from './kube-proxy/kube-proxy.ts'
import { netfilter } from './kube-proxy/netfilter.ts'
import { kubectlApply } from './kubectl/apply.ts'
import { kubectlChange } from './kubectl/change.ts'
import { kubectlCreate } from './kubectl/create.ts'
import { kubectlDrain } from './kubectl/drain.ts'
import { kubectlGet } from './kubectl/get.ts'
import { kubectlWait } from './kubectl/wait.ts'
import { containerDeletor } from './kubelet/container-deletor.ts'
import { containerKiller } from './kubelet/container-killer.ts'
import { imagePuller } from './kubelet/image-puller.ts'
import { kubelet } from './kubelet/kubelet.ts'
import { nodeLease } from './kubelet/node-lease.ts'
import { nodeStatus } from './kubelet/node-status.ts'
import { pleg } from './kubelet/pleg.ts'
import { podWorker } from './kubelet/pod-worker.ts'
import { probeWorker } from './kubelet/probe-worker.ts'
import { runtimeHealth } from './kubelet/runtime-health.ts'
import { statusManager } from './kubelet/status-manager.ts'
import { kwok } from './kwok/kwok.ts'
import { kwokLease } from './kwok/lease.ts'
import { kwokNode } from './kwok/node.ts'
import { kwokPlayer } from './kwok/player.ts'
import { kwokPodList } from './kwok/pod-list.ts'
import { kwokPods } from './kwok/pods.ts'
import { kwokctlScale } from './kwok/scale.ts'
import { loadBalancer } from './load-balancer/load-balancer.ts'
import { bindingCycle } from './scheduler/binding-cycle.ts'
import { eviction } from './scheduler/eviction.ts'
import { extenderRound } from './scheduler/extender-round.ts'
import { scheduler } from './scheduler/scheduler.ts'
import { container } from './workload/container.ts'
import { client } from './workload/traffic.ts'

export interface Catalogued {
  readonly machine: AnyStateMachine
  /** As Kubernetes calls it: `kubelet`, `kube-controller-manager`. */
  readonly component: string
  /** The file, from the root of the repository. */
  readonly source: string
}

type Machine = { readonly id: string }
const of = (component: string, sources: Readonly<Record<string, Machine>>): Catalogued[] =>
  Object.entries(sources).map(([source, machine]) => ({
    machine: machine as AnyStateMachine,
    component,
    source: `machines/${source}.ts`,
  }))

/** Where the charts of controllers are drawn; what is not listed is the kit's supervisor, made for one controller. */
const CONTROLLERS: Readonly<Record<string, string>> = {
  deployment: 'deployment/deployment',
  'disruption-budget': 'disruption/disruption-budget',
  'pod-disruption': 'kit/object',
  'service-endpoints': 'endpoints/service-endpoints',
  'service-slices': 'endpointslice/service-slices',
  'garbage-collector-controller': 'garbage-collector/garbage-collector',
  'garbage-attempt': 'garbage-collector/garbage-attempt',
  'namespace-deletion': 'namespace/namespace-deletion',
  'node-ipam-controller': 'node-ipam/node-ipam',
  'node-range': 'node-ipam/node-range',
  'node-lifecycle-controller': 'node-lifecycle/node-lifecycle',
  'node-health': 'node-lifecycle/node-health',
  'pod-garbage-collector-controller': 'pod-gc/pod-gc',
  replicaset: 'replicaset/replica-set',
  replicationcontroller: 'replicaset/replica-set',
  'taint-eviction-controller': 'taint-eviction/taint-eviction',
  'pod-eviction': 'taint-eviction/pod-eviction',
  'node-ttl': 'kit/object',
  'default-service-account': 'kit/object',
  'resource-quota': 'resourcequota/resource-quota',
  'root-certificate': 'kit/object',
  'mirrored-endpoints': 'kit/object',
  'token-secret': 'serviceaccount-token/token-secret',
}
const sourceOf = (id: string): string => `machines/controllers/${CONTROLLERS[id] ?? 'kit/controller'}.ts`

/** In the order in which a pod's life meets them. */
export const catalogue: readonly Catalogued[] = [
  ...of('host', { 'host/host': host, 'host/unit': unit }),
  ...of('etcd', { 'etcd/member': etcd }),
  ...of('kube-apiserver', {
    'apiserver/apiserver': kubeApiserver,
    'apiserver/request': apiRequest,
    'apiserver/quota-evaluator': quotaEvaluator,
    'apiserver/disruption-claim': disruptionClaim,
    'apiserver/read': apiRead,
    'apiserver/log-reader': apiLogReader,
    'apiserver/collection-deletion': apiCollectionDeletion,
    'apiserver/bootstrap': apiserverBootstrap,
    'apiserver/health-check': apiHealthCheck,
    'apiserver/compactor': etcdCompactor,
    'load-balancer/load-balancer': loadBalancer,
  }),
  ...of('client-go', {
    'controllers/kit/leading-process': leadingProcess,
    'controllers/kit/leader-elector': leaderElector,
    'controllers/kit/reflector': reflector,
    'controllers/kit/event-recorder': eventRecorder,
    'controllers/kit/api-client': apiClient,
  }),
  ...controllers.flatMap(({ machines }) =>
    machines.map((machine) => ({ machine, component: 'kube-controller-manager', source: sourceOf(machine.id) })),
  ),
  ...of('kube-scheduler', {
    'scheduler/scheduler': scheduler,
    'scheduler/binding-cycle': bindingCycle,
    'scheduler/eviction': eviction,
    'scheduler/extender-round': extenderRound,
  }),
  ...of('kubelet', {
    'kubelet/kubelet': kubelet,
    'kubelet/node-lease': nodeLease,
    'kubelet/node-status': nodeStatus,
    'kubelet/runtime-health': runtimeHealth,
    'kubelet/pleg': pleg,
    'kubelet/pod-worker': podWorker,
    'kubelet/probe-worker': probeWorker,
    'kubelet/image-puller': imagePuller,
    'kubelet/container-killer': containerKiller,
    'kubelet/container-deletor': containerDeletor,
    'kubelet/status-manager': statusManager,
  }),
  ...of('containerd', {
    'container-runtime/containerd/containerd': containerd,
    'container-runtime/containerd/pod-sandbox': podSandbox,
    'container-runtime/containerd/image-pull': imagePull,
    'workload/container': container,
    'workload/traffic': client,
  }),
  ...of('cni', { 'cni/flanneld': flanneld }),
  ...of('kube-proxy', { 'kube-proxy/kube-proxy': kubeProxy, 'kube-proxy/netfilter': netfilter }),
  ...of('coredns', { 'dns/coredns': coredns }),
  ...of('kwok', {
    'kwok/kwok': kwok,
    'kwok/node': kwokNode,
    'kwok/lease': kwokLease,
    'kwok/pods': kwokPods,
    'kwok/pod-list': kwokPodList,
    'kwok/player': kwokPlayer,
    'kwok/scale': kwokctlScale,
  }),
  ...of('kubectl', {
    'kubectl/apply': kubectlApply,
    'kubectl/create': kubectlCreate,
    'kubectl/change': kubectlChange,
    'kubectl/wait': kubectlWait,
    'kubectl/drain': kubectlDrain,
    'kubectl/get': kubectlGet,
  }),
]
