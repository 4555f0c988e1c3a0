/** What each process is told at birth. */
import type { Address } from '../../runtime/contract.ts'
import { controllerManager } from '../controller-manager/parts.ts'
import type { KubeletInput } from '../protocol/kubelet.ts'
import { parts, recorderOf, SCHEDULER_USER } from '../scheduler/parts.ts'
import { addressOf } from './addresses.ts'
import { controllersOf } from './controllers.ts'
import { LOAD_BALANCER, type Processes } from './layout.ts'
import type { ClusterOptions } from './options.ts'
import { scheduling } from './scheduler-options.ts'

export const processesOf = (options: ClusterOptions): Processes => ({
  etcd: (host: string, members: readonly Address[]) => ({ name: host, members }),
  apiserver: (host: string, members: readonly Address[]) => ({
    etcd: members,
    ownKinds: options.resources,
    ip: addressOf(host, options),
  }),
  scheduler: (host: string) => {
    const apiserver = `kube-apiserver/${host}`
    const { always, leading } = parts(host, apiserver, scheduling(options))
    return { lease: 'kube-scheduler', apiserver, user: SCHEDULER_USER, recorder: recorderOf(host), always, leading }
  },
  controllerManager: (host: string) => {
    const members = controllersOf(options).map(({ member }) => member)
    return controllerManager(host, `kube-apiserver/${host}`, members, { rate: options.controllerRate })
  },
  loadBalancer: (backends: readonly Address[]) => ({ backends }),
  kubelet: (host: string) => kubelet(host, options),
  containerd: (host: string) => ({ node: host, nodeIP: addressOf(host, options), images: options.images }),
  flanneld: (host: string) => ({ node: host, apiserver: LOAD_BALANCER, runtime: `containerd/${host}` }),
  coredns: (host: string) => ({ host, apiserver: `kube-apiserver/${host}`, domain: 'cluster.local' }),
  kubeProxy: (host: string) => ({
    node: host,
    nodeIP: addressOf(host, options),
    apiserver: LOAD_BALANCER,
    mode: 'iptables',
    clusterCIDR: '10.244.0.0/16',
    serviceCIDR: '10.96.0.0/16',
  }),
})

const kubelet = (host: string, options: ClusterOptions): KubeletInput => ({
  node: host,
  apiserver: LOAD_BALANCER,
  runtime: `containerd/${host}`,
  hostIP: addressOf(host, options),
  capacity: options.capacity,
  labels: options.labels[host] ?? {},
  taints: [],
})
