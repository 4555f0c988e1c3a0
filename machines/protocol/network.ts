/**
 * Simulated traffic: names, connections, requests. A client resolves a name (`dns.query`, a `call` to `coredns/<host>`),
 * sends its first packet through its node's tables (`connection.opened`, a `call` to `netfilter/<node>`), and speaks to the
 * container that got it (`http.request`, a `call` to `container/<node>/<id>`).
 */
import type { Address } from '../../runtime/contract.ts'

export type RecordType = 'A' | 'AAAA' | 'SRV' | 'CNAME' | 'PTR' | 'TXT'
export interface DnsQuery {
  readonly type: 'dns.query'
  readonly name: string
  readonly record: RecordType
}
export interface DnsRecord {
  readonly name: string
  readonly record: RecordType
  readonly ttlSeconds: number
  /** An address, a name, a text; of SRV: `<priority> <weight> <port> <target>`. */
  readonly value: string
}
export interface DnsAnswered {
  readonly type: 'dns.answered'
  /** `NODATA` (NOERROR without answers) is `NOERROR` with an empty list. `SERVFAIL`: not ready. */
  readonly code: 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL'
  readonly answers: readonly DnsRecord[]
}

export type Protocol = 'TCP' | 'UDP' | 'SCTP'
/** What a packet that opens a connection says. */
export interface Connection {
  readonly protocol: Protocol
  readonly sourceIp: string
  readonly destinationIp: string
  readonly port: number
}
/** Which of several endpoints it reaches is drawn from `ordinal`, the client's own count of its connections. */
export interface ConnectionOpened extends Connection {
  readonly type: 'connection.opened'
  readonly ordinal: number
}
/** `refused` is told at once (an ICMP port unreachable, a RST); `dropped` is silence. */
export interface ConnectionRouted {
  readonly type: 'connection.routed'
  readonly to: Endpoint | 'refused' | 'dropped'
}
export interface Endpoint {
  readonly ip: string
  readonly port: number
  /** Where it is, when the EndpointSlice says it. */
  readonly node?: string
}

/** A `call` to the node of a pod's address (`containerd/<node>`), answered by `pod.found`: who has this address. */
export interface PodSought {
  readonly type: 'pod.sought'
  readonly ip: string
}
export interface PodFound {
  readonly type: 'pod.found'
  readonly containers: readonly Address[]
}

export interface HttpRequest {
  readonly type: 'http.request'
  readonly port: number
  readonly path: string
}
export interface HttpAnswered {
  readonly type: 'http.answered'
  /** 0: the connection was refused. */
  readonly status: number
  readonly body: string
}

/** What a client is told at birth (machine `client`). */
export interface ClientInput {
  readonly node: string
  readonly ip: string
  readonly dns: Address
  /** `netfilter/<node>` */
  readonly tables: Address
  /** `http://web.default:8080/path`, or an address instead of the name. */
  readonly url: string
  /** For names without a dot at their end: `default.svc.cluster.local` … */
  readonly search: readonly string[]
  /** The node of every pod range: which containerd to ask for an address. */
  readonly nodes: readonly { readonly node: string; readonly podCIDR: string }[]
  readonly everyMs: number
  /** 0: for ever. */
  readonly requests: number
  readonly timeoutMs: number
}
