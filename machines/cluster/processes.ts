/** What each process is told at birth. */
import type { Address } from '../../runtime/contract.ts'
import { controllerManager } from '../controller-manager/parts.ts'
import type { KwokctlScaleInput } from '../kwok/scale.ts'
import type { User } from '../protocol/api.ts'
import type { KubeletInput } from '../protocol/kubelet.ts'
import type { KwokInput } from '../protocol/kwok.ts'
import { parts, recorderOf, SCHEDULER_USER } from '../scheduler/parts.ts'
import { addressOf } from './addresses.ts'
import { controllersOf } from './controllers.ts'
import { nodesIn } from './dump.ts'
import { FAKE, LOAD_BALANCER, type Processes } from './layout.ts'
import type { ClusterOptions } from './options.ts'
import { scheduling } from './scheduler-options.ts'

export const processesOf = (options: ClusterOptions): Processes => ({
  etcd: (host: string, members: readonly Address[]) => ({
    name: host,
    members,
    ...(options.bug === undefined ? {} : { bug: options.bug }),
  }),
  apiserver: (host: string, members: readonly Address[]) => ({
    etcd: members,
    ownKinds: options.resources,
    ip: addressOf(host),
  }),
  scheduler: (host: string) => {
    const apiserver = `kube-apiserver/${host}`
    const { always, leading } = parts(
      host,
      apiserver,
      scheduling(options),
      options.permitPlugins.map(({ id }) => id),
    )
    return { lease: 'kube-scheduler', apiserver, user: SCHEDULER_USER, recorder: recorderOf(host), always, leading }
  },
  controllerManager: (host: string) => {
    const members = controllersOf(options).map(({ member }) => member)
    const flags = { 'pod-garbage-collector': { terminatedThreshold: options.terminatedPodThreshold } }
    return controllerManager(host, `kube-apiserver/${host}`, members, { rate: options.controllerRate, flags })
  },
  loadBalancer: (backends: readonly Address[]) => ({ backends }),
  kubelet: (host: string) => kubelet(host, options),
  containerd: (host: string) => ({ node: host, nodeIP: addressOf(host), images: options.images }),
  flanneld: (host: string) => ({ node: host, apiserver: LOAD_BALANCER, runtime: `containerd/${host}` }),
  coredns: (host: string) => ({ host, apiserver: `kube-apiserver/${host}`, domain: 'cluster.local' }),
  kubeProxy: (host: string) => ({
    node: host,
    nodeIP: addressOf(host),
    apiserver: LOAD_BALANCER,
    mode: 'iptables',
    clusterCIDR: '10.244.0.0/16',
    serviceCIDR: '10.96.0.0/16',
  }),
  // The flags of kwok's own Deployment; all its nodes are at its address.
  kwok: (host: string): KwokInput => ({
    host,
    apiserver: LOAD_BALANCER,
    nodeIP: addressOf(host),
    nodeName: '',
    nodePort: 10_247,
    cidr: '10.0.0.1/24',
  }),
  kwokctlScale: (): KwokctlScaleInput => ({
    apiserver: LOAD_BALANCER,
    user: ADMIN,
    name: FAKE,
    replicas: options.fakeNodes,
    capacity: options.fakeCapacity,
  }),
})

const ADMIN: User = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }

function kubelet(host: string, options: ClusterOptions): KubeletInput {
  const { capacity, allocatable } = (nodesIn(options.objects).get(host)?.node.status ?? {}) as Partial<
    Record<string, Resources>
  >
  return {
    node: host,
    apiserver: LOAD_BALANCER,
    runtime: `containerd/${host}`,
    hostIP: addressOf(host, options.objects),
    capacity: capacity ?? allocatable ?? options.capacity,
    ...(allocatable === undefined ? {} : { allocatable }),
    cgroups: options.cgroups,
    labels: options.labels[host] ?? {},
    taints: [],
  }
}
type Resources = KubeletInput['capacity']
