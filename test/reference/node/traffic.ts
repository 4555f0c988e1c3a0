/** Where connections through kube-proxy end: the same endpoints or errors, and a random spread that is even. */
import { join } from 'node:path'
import { type Mode, noAffinities, route, type Surroundings } from '../../../machines/kube-proxy/route.ts'
import { noRules, type Rules, withService } from '../../../machines/kube-proxy/rules.ts'
import type { ApiObject, EndpointSlice, Service } from '../../../machines/protocol/objects.ts'
import { cases } from '../family.ts'
import { jsonOf } from '../folder.ts'

interface Told {
  readonly counts: Readonly<Record<string, number>>
}
interface Probe {
  readonly probe: string
  /** `ip:port` */
  readonly to: string
  readonly connections: number
  readonly iptables?: Told
  readonly nftables?: Told
}
interface Case {
  readonly name: string
  readonly objects: readonly ApiObject[]
  readonly probes: readonly Probe[]
}

const AROUND: Omit<Surroundings, 'mode'> = {
  nodeIP: '10.213.5.2',
  clusterCIDR: '10.244.0.0/16',
  serviceCIDR: '10.96.0.0/12',
}
const PLACE = { node: 'proxy-node', zone: 'zone-a' }
/** A spread that comes out so, or less even, once in ten thousand times; by degrees of freedom. */
const CHI_SQUARE = [0, 15.14, 18.42, 21.11, 23.51, 25.74]

export const traffic = cases(
  'node',
  'kube-proxy/traffic',
  (folder) => jsonOf<readonly Case[]>(join(folder, 'node/kube-proxy/traffic.json')),
  ({ name, objects, probes }) => {
    const rules = rulesOf(objects)
    const isSticky = objects.some((each) => (each as Service).spec?.sessionAffinity === 'ClientIP')
    const modes: readonly Mode[] = ['iptables', 'nftables']
    const differences = probes.flatMap((probe) =>
      modes.flatMap((mode) => {
        const told = probe[mode]?.counts
        const text = told === undefined ? undefined : differs(counted(rules, probe, mode), told, isSticky)
        return text === undefined ? [] : [`${probe.probe}, ${mode}: ${text}`]
      }),
    )
    return { name, differences }
  },
)

function rulesOf(objects: readonly ApiObject[]): Rules {
  const slices = objects.filter(({ kind }) => kind === 'EndpointSlice') as EndpointSlice[]
  let rules = noRules
  for (const service of objects.filter(({ kind }) => kind === 'Service') as Service[]) {
    const { name, namespace } = service.metadata
    const own = slices.filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === name)
    rules = withService(rules, `${namespace}/${name}`, service, own, PLACE)
  }
  return rules
}

function counted(rules: Rules, { to, connections }: Probe, mode: Mode): Readonly<Record<string, number>> {
  const [destinationIp = '', port] = to.split(':')
  const connection = { protocol: 'TCP' as const, sourceIp: AROUND.nodeIP, destinationIp, port: Number(port) }
  const counts: Record<string, number> = {}
  let affinities = noAffinities
  for (let ordinal = 0; ordinal < connections; ordinal++) {
    const chance = { at: ordinal, dice: 42, ordinal }
    const [end, next] = route(rules, { ...AROUND, mode }, connection, affinities, chance)
    affinities = next
    // On the node itself nothing listens but the endpoints.
    const isUntouched = typeof end !== 'string' && end.ip === destinationIp && end.port === connection.port
    const key = typeof end === 'string' ? ERRORS[end] : isUntouched ? ERRORS.refused : end.ip
    counts[key] = (counts[key] ?? 0) + 1
  }
  return counts
}
const ERRORS = { refused: 'error: [Errno 111] Connection refused', dropped: 'error: timed out' }

/** Few connections show where they may end, many how evenly; a sticky client all go to one, whichever it is. */
function differs(
  ours: Readonly<Record<string, number>>,
  theirs: Readonly<Record<string, number>>,
  isSticky: boolean,
): string | undefined {
  const [mine, wanted] = [Object.keys(ours).sort(), Object.keys(theirs).sort()]
  const total = sum(theirs)
  if (isSticky && mine.length === wanted.length && isSpread(mine, wanted)) return undefined
  if (mine.join() !== wanted.join() && (total > 20 || !isSpread(mine, wanted))) return `${mine} are not ${wanted}`
  if (total <= 100 || wanted.length < 2) return undefined
  const even = total / wanted.length
  const chi = wanted.reduce((all, key) => all + ((ours[key] ?? 0) - even) ** 2 / even, 0)
  return chi <= (CHI_SQUARE[wanted.length - 1] ?? 30) ? undefined : `${JSON.stringify(ours)} is not even`
}
const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0)
const isEndpoint = (key: string | undefined): boolean => key !== undefined && /^\d/.test(key)
const isSpread = (mine: readonly string[], wanted: readonly string[]): boolean =>
  mine.every(isEndpoint) && wanted.every(isEndpoint)
