/**
 * Which machines a cluster has and which processes run on them: kubeadm's layout. Control planes carry etcd, an API
 * server, a scheduler and a controller manager that use their own host's API server; everybody else goes through a
 * load balancer.
 */
import { type Address, hostOf } from '../../runtime/contract.ts'
import type { HostInput, RestartPolicy, UnitInput } from '../protocol/host.ts'
import { nodesIn } from './dump.ts'
import type { ClusterOptions } from './options.ts'

/** A machine and what is started on it at power-on. */
export interface HostPlan {
  readonly name: string
  readonly input: HostInput
}

/** What the names of fake nodes begin with. */
export const FAKE = 'kwok-node'
export const LOAD_BALANCER: Address = 'load-balancer/lb'

/** A kubelet restarts the static pods of a control plane at once, then with its crash-loop back-off. */
export const STATIC_POD: RestartPolicy = { firstMs: 1_000, baseMs: 10_000, maxMs: 300_000, resetMs: 600_000 }
/** systemd units of kubeadm and containerd: `Restart=always`, `RestartSec=10` and `5`. */
const KUBELET_UNIT: RestartPolicy = { firstMs: 10_000, baseMs: 10_000, maxMs: 10_000, resetMs: 0 }
const CONTAINERD_UNIT: RestartPolicy = { firstMs: 5_000, baseMs: 5_000, maxMs: 5_000, resetMs: 0 }

const numbered = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}-${i + 1}`)
export const controlPlanesOf = ({ controlPlanes }: ClusterOptions): string[] => numbered('cp', controlPlanes)
/** The nodes that it begins with, if it begins with any; else `node-1` … */
export function workersOf({ nodes, objects }: Pick<ClusterOptions, 'nodes' | 'objects'>): readonly string[] {
  const given = nodesIn(objects)
  return given.size > 0 ? [...given.keys()] : numbered('node', nodes)
}
/** The names that `kwokctl scale node kwok-node --serial-length 1` gives. */
export const fakeNodesOf = ({ fakeNodes }: ClusterOptions): string[] =>
  Array.from({ length: fakeNodes }, (_, i) => `${FAKE}-${i}`)
/** A real etcd's have machines of their own, `etcd-1` …, on which nothing of ours runs. */
export const membersOf = ({ etcd }: ClusterOptions): Address[] =>
  typeof etcd === 'number' ? numbered('etcd/cp', etcd) : numbered('etcd/etcd', etcd.length)
export const hasOutsideEtcd = ({ etcd }: ClusterOptions): boolean => typeof etcd !== 'number'

/** What the composition of a process needs beyond the host: filled in by `cluster/processes.ts`. */
export interface Processes {
  etcd(host: string, members: readonly Address[]): unknown
  apiserver(host: string, members: readonly Address[]): unknown
  scheduler(host: string): unknown
  controllerManager(host: string): unknown
  loadBalancer(backends: readonly Address[]): unknown
  kubelet(host: string): unknown
  containerd(host: string): unknown
  flanneld(host: string): unknown
  kubeProxy(host: string): unknown
  coredns(host: string): unknown
  kwok(host: string): unknown
  kwokctlScale(): unknown
}

/** All machines of a cluster, in the order in which they are switched on. */
export function hostsOf(options: ClusterOptions, processes: Processes): HostPlan[] {
  const { bootMs } = options
  const plan = (name: string, units: readonly UnitInput[]): HostPlan => ({ name, input: { bootMs, units } })
  const balancer = unit(LOAD_BALANCER, 'load-balancer', processes.loadBalancer(apiserversOf(options)), CONTAINERD_UNIT)
  return [
    ...(hasOutsideEtcd(options) ? membersOf(options).map((member) => plan(hostOf(member), [])) : []),
    ...controlPlanesOf(options).map((host) => plan(host, controlPlane(host, options, processes))),
    plan('lb', [balancer]),
    ...workersOf(options).map((host) => plan(host, worker(host, processes))),
    ...(options.fakeNodes === 0 ? [] : [plan('kwok', pretender('kwok', processes))]),
    plan('workstation', []),
  ]
}

export const apiserversOf = (options: ClusterOptions): Address[] =>
  controlPlanesOf(options).map((host) => `kube-apiserver/${host}`)

function controlPlane(host: string, options: ClusterOptions, processes: Processes): UnitInput[] {
  const members = membersOf(options)
  const local = members.filter((member) => member === `etcd/${host}`)
  const others = members.filter((member) => member !== `etcd/${host}`)
  return [
    ...local.map((member) => unit(member, 'etcd', processes.etcd(host, members), STATIC_POD)),
    unit(`kube-apiserver/${host}`, 'kube-apiserver', processes.apiserver(host, [...local, ...others]), STATIC_POD),
    unit(`kube-scheduler/${host}`, 'leading-process', processes.scheduler(host), STATIC_POD),
    ...(host === 'cp-1' ? [unit(`coredns/${host}`, 'coredns', processes.coredns(host), STATIC_POD)] : []),
    unit(`kube-controller-manager/${host}`, 'leading-process', processes.controllerManager(host), STATIC_POD),
  ]
}

const worker = (host: string, processes: Processes): UnitInput[] => [
  unit(`containerd/${host}`, 'containerd', processes.containerd(host), CONTAINERD_UNIT),
  unit(`kubelet/${host}`, 'kubelet', processes.kubelet(host), KUBELET_UNIT),
  unit(`flanneld/${host}`, 'flanneld', processes.flanneld(host), STATIC_POD),
  unit(`kube-proxy/${host}`, 'kube-proxy', processes.kubeProxy(host), STATIC_POD),
]

/** kwok on a machine of its own, which makes the nodes that it pretends to run. */
const pretender = (host: string, processes: Processes): UnitInput[] => [
  unit(`kwok/${host}`, 'kwok', processes.kwok(host), STATIC_POD),
  unit(`kwokctl/${host}`, 'kwokctl-scale', processes.kwokctlScale(), STATIC_POD),
]

export const unit = (address: Address, machine: string, input: unknown, restart: RestartPolicy): UnitInput => ({
  address,
  machine,
  input,
  restart,
})
