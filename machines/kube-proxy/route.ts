/** Where one connection goes by the rules: which endpoint it reaches, or that it is refused or dropped. */
import { draw } from '../../runtime/contract.ts'
import { Tree } from '../../runtime/tree.ts'
import { isIn } from '../cni/ranges.ts'
import type { Connection, Endpoint } from '../protocol/network.ts'
import { frontend, type Rule, type Rules, type Target } from './rules.ts'

export type Mode = 'iptables' | 'nftables'
/** What the tables know beside the services. */
export interface Surroundings {
  readonly mode: Mode
  readonly nodeIP: string
  readonly clusterCIDR: string
  readonly serviceCIDR: string
}
/** Which endpoint a client got last, of services with session affinity: by `<service port> <client>`. */
export type Affinities = Tree<{ readonly endpoint: Endpoint; readonly at: number }>
export const noAffinities: Affinities = Tree.of()

export interface Chance {
  readonly at: number
  readonly dice: number
  /** Of the connection, in the client's own count. */
  readonly ordinal: number
}
export type Destination = Endpoint | 'refused' | 'dropped'

export function route(
  rules: Rules,
  around: Surroundings,
  connection: Connection,
  affinities: Affinities,
  chance: Chance,
): readonly [Destination, Affinities] {
  const rule = ruleOf(rules, around, connection)
  if (rule === undefined) return [withoutRule(rules, around, connection), affinities]
  const { sourceIp } = connection
  const isInside = isIn(around.clusterCIDR, sourceIp) || sourceIp === around.nodeIP
  if (rule.sources.length > 0 && !rule.sources.some((range) => isIn(range, sourceIp))) return ['dropped', affinities]
  return chosen(rule, isInside ? rule.inside : rule.outside, sourceIp, affinities, chance)
}

function ruleOf({ byFrontend }: Rules, { mode, nodeIP }: Surroundings, connection: Connection): Rule | undefined {
  const { destinationIp, port, protocol } = connection
  const direct = byFrontend.get(frontend(destinationIp, port, protocol))
  if (direct !== undefined) return direct
  // Node ports are served on the addresses of the node; iptables serves them on the loopback too.
  const isNode = destinationIp === nodeIP || (mode === 'iptables' && destinationIp === '127.0.0.1')
  return isNode ? byFrontend.get(frontend('node', port, protocol)) : undefined
}

/** No service: a pod or a host is meant itself; an address of the range for services leads nowhere. */
function withoutRule({ byFrontend }: Rules, around: Surroundings, { destinationIp, port }: Connection): Destination {
  if (!isIn(around.serviceCIDR, destinationIp)) return { ip: destinationIp, port }
  if (around.mode === 'iptables') return 'dropped'
  let isKnown = false
  byFrontend.range(`${destinationIp}:`, undefined, (_, key) => {
    isKnown = key.startsWith(`${destinationIp}:`)
    return false
  })
  return isKnown ? 'refused' : 'dropped'
}

function chosen(
  rule: Rule,
  { endpoints, otherwise }: Target,
  sourceIp: string,
  affinities: Affinities,
  { at, dice, ordinal }: Chance,
): readonly [Destination, Affinities] {
  if (endpoints.length === 0) return [otherwise, affinities]
  const key = `${rule.servicePort} ${sourceIp}`
  const last = rule.affinitySeconds === undefined ? undefined : affinities.get(key)
  const isKept =
    last !== undefined && at - last.at < (rule.affinitySeconds ?? 0) * 1_000 && endpoints.some(same(last.endpoint))
  const drawn = draw(dice, 'endpoint', rule.servicePort, sourceIp, ordinal) % endpoints.length
  const endpoint = isKept ? last.endpoint : (endpoints[drawn] as Endpoint)
  return [endpoint, rule.affinitySeconds === undefined ? affinities : affinities.set(key, { endpoint, at })]
}

const same = (a: Endpoint) => (b: Endpoint) => a.ip === b.ip && a.port === b.port
