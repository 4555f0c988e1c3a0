/** Does this node take the pod (pkg/kubelet/lifecycle/predicate.go)? The kubelet's own word, after the scheduler's. */
import { joined } from '../../lib/joined.ts'
import { milliOf, valueOf } from '../../lib/quantity.ts'
import { nodeSelectorTermsMatch, selectorMatches } from '../../lib/selector.ts'
import type { Rejection } from '../../protocol/kubelet.ts'
import type { core, Node, Pod } from '../../protocol/objects.ts'
import { isSidecar } from '../pod/restart.ts'

/** Thousandths of CPU, bytes of memory and storage, pieces of anything else; and the ports of the host. */
export interface Usage {
  readonly amounts: Readonly<Record<string, number>>
  readonly ports: readonly string[]
}
export const NO_USAGE: Usage = { amounts: {}, ports: [] }

const amountOf = (resource: string, written: string | undefined): number =>
  resource === 'cpu' ? milliOf(written) : valueOf(written)

type Amounts = Record<string, number>
function requested(container: core.Container): Amounts {
  const requests = container.resources?.requests ?? {}
  return Object.fromEntries(Object.keys(requests).map((name) => [name, amountOf(name, requests[name])]))
}
const plus = (a: Amounts, b: Amounts): Amounts => merged(a, b, (x, y) => x + y)
const atLeast = (a: Amounts, b: Amounts): Amounts => merged(a, b, Math.max)
const merged = (a: Amounts, b: Amounts, by: (x: number, y: number) => number): Amounts =>
  Object.fromEntries(Object.keys({ ...a, ...b }).map((name) => [name, by(a[name] ?? 0, b[name] ?? 0)]))

/** resourcehelper.PodRequests: sidecars count with the containers, and with the init containers that come after them. */
export function usageOf({ spec }: Pod): Usage {
  const sidecars = (spec.initContainers ?? []).filter(isSidecar)
  let amounts = [...spec.containers, ...sidecars].map(requested).reduce(plus, {})
  let before: Amounts = {}
  for (const container of spec.initContainers ?? []) {
    if (isSidecar(container)) before = plus(before, requested(container))
    amounts = atLeast(amounts, isSidecar(container) ? before : plus(before, requested(container)))
  }
  const overhead = spec.overhead ?? {}
  const extra = Object.fromEntries(Object.keys(overhead).map((name) => [name, amountOf(name, overhead[name])]))
  return { amounts: joined(plus(amounts, extra), { pods: 1 }), ports: hostPorts(spec) }
}

const hostPorts = ({ containers, initContainers = [] }: core.PodSpec): string[] =>
  [...containers, ...initContainers.filter(isSidecar)].flatMap(({ ports = [] }) =>
    ports.flatMap(({ hostPort = 0, hostIP = '0.0.0.0', protocol = 'TCP' }) =>
      hostPort === 0 ? [] : [`${hostIP === '' ? '0.0.0.0' : hostIP}/${protocol}/${hostPort}`],
    ),
  )

export const withUsage = (used: Usage, more: Usage): Usage => ({
  amounts: plus(used.amounts, more.amounts),
  ports: [...used.ports, ...more.ports],
})
export const withoutUsage = (used: Usage, less: Usage): Usage => ({
  amounts: merged(used.amounts, less.amounts, (x, y) => x - y),
  ports: less.ports.reduce((left, port) => left.toSpliced(left.indexOf(port), 1), used.ports),
})

const ORDER = ['pods', 'cpu', 'memory', 'ephemeral-storage']

/** Undefined when it may run. `used`: by the pods that run here. */
export function rejectionOf(pod: Pod, used: Usage, node: Node): Rejection | undefined {
  return (
    sysctlRejection(pod) ??
    osRejection(pod) ??
    shortage(usageOf(pod), used, node.status?.allocatable ?? {}) ??
    predicateRejection(pod, used, node)
  )
}

const SAFE_SYSCTLS = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
]
function sysctlRejection({ spec }: Pod): Rejection | undefined {
  const bad = (spec.securityContext?.sysctls ?? []).find(({ name }) => !SAFE_SYSCTLS.includes(name))
  if (bad === undefined) return undefined
  return { reason: 'SysctlForbidden', message: `forbidden sysctl: "${bad.name}" not allowlisted` }
}

function osRejection({ spec }: Pod): Rejection | undefined {
  const label = spec.nodeSelector?.['kubernetes.io/os']
  if (label !== undefined && label !== 'linux') {
    const message = "Failed to admit pod as the `kubernetes.io/os` label doesn't match node label"
    return { reason: 'PodOSSelectorNodeLabelDoesNotMatch', message }
  }
  if (spec.os === undefined || spec.os.name === 'linux') return undefined
  return { reason: 'PodOSNotSupported', message: "Failed to admit pod as the OS field doesn't match node OS" }
}

/** The first resource that does not suffice. One that the node does not know is let pass. */
function shortage(
  { amounts }: Usage,
  used: Usage,
  allocatable: Readonly<Record<string, string>>,
): Rejection | undefined {
  const names = [
    ...ORDER,
    ...Object.keys(amounts)
      .filter((name) => !ORDER.includes(name))
      .sort(),
  ]
  for (const name of names) {
    const requested = amounts[name] ?? 0
    const written = allocatable[name]
    if (requested === 0 || written === undefined) continue
    const capacity = amountOf(name, written)
    const taken = used.amounts[name] ?? 0
    if (requested <= capacity - taken) continue
    const message = `Node didn't have enough resource: ${name}, requested: ${requested}, used: ${taken}, capacity: ${capacity}`
    return { reason: `OutOf${name}`, message }
  }
  return undefined
}

function predicateRejection(pod: Pod, used: Usage, node: Node): Rejection | undefined {
  if (!affinityMatches(pod.spec, node))
    return failed('NodeAffinity', "node(s) didn't match Pod's node affinity/selector")
  if (portsConflict(usageOf(pod).ports, used.ports)) {
    return failed('NodePorts', "node(s) didn't have free ports for the requested pod ports")
  }
  return untolerated(pod.spec, node)
    ? failed('TaintToleration', "node(s) had taints that the pod didn't tolerate")
    : undefined
}
const failed = (name: string, text: string): Rejection => ({
  reason: name,
  message: `Predicate ${name} failed: ${text}`,
})

function affinityMatches({ nodeSelector, affinity }: core.PodSpec, node: Node): boolean {
  if (nodeSelector !== undefined && !selectorMatches(nodeSelector, node.metadata.labels)) return false
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  return required === undefined || nodeSelectorTermsMatch(required.nodeSelectorTerms, node)
}

/** `0.0.0.0` stands for all addresses. */
function portsConflict(wanted: readonly string[], used: readonly string[]): boolean {
  return wanted.some((port) => used.some((other) => conflicts(port.split('/'), other.split('/'))))
}
const conflicts = (a: readonly string[], b: readonly string[]): boolean =>
  a[1] === b[1] && a[2] === b[2] && (a[0] === b[0] || a[0] === '0.0.0.0' || b[0] === '0.0.0.0')

/** Only NoExecute keeps a pod away at this point. */
const untolerated = ({ tolerations = [] }: core.PodSpec, node: Node): boolean =>
  (node.spec?.taints ?? []).some(
    (taint) => taint.effect === 'NoExecute' && !tolerations.some((each) => tolerates(each, taint)),
  )
function tolerates({ key, operator = 'Equal', value = '', effect }: core.Toleration, taint: core.Taint): boolean {
  if (effect !== undefined && effect !== '' && effect !== taint.effect) return false
  if (key !== undefined && key !== '' && key !== taint.key) return false
  return operator === 'Exists' || value === (taint.value ?? '')
}
