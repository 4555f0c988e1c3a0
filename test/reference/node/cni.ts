/**
 * Calls of CNI plugins: bridge with host-local. One call a line; what is compared is its result or error, and what lies
 * in host-local's data directory after it.
 *
 * The recording leaves out how the plugins were configured, and some deletions: the configuration is read from what the
 * plugins said of it (addresses, gateways, range sets in errors, the subnet in a case's name), and holders that vanish
 * from the store, or appear in it, without a call of their own were taken away, or put there, by a call that is not shown.
 */
import { join } from 'node:path'
import { baseOf, formatNetwork, parseNetwork } from '../../../machines/cni/address.ts'
import {
  type Attachments,
  add,
  check,
  del,
  type NetworkConfig,
  noAttachments,
  VERSIONS,
} from '../../../machines/cni/bridge.ts'
import type { RangeConfig } from '../../../machines/cni/range-set.ts'
import { type Family, type Judgement, result } from '../family.ts'
import { linesOf } from '../folder.ts'

interface Ip {
  /** `10.99.0.2/29` */
  readonly address: string
  readonly gateway: string
  readonly interface: number
  readonly version: '4' | '6'
}
export interface Line {
  readonly case: string
  readonly command?: 'ADD' | 'DEL' | 'CHECK' | 'VERSION'
  readonly container?: string
  readonly rc?: number
  readonly ips?: readonly Ip[]
  readonly interfaces?: readonly string[]
  readonly routes?: readonly { readonly dst: string }[] | null
  readonly output?: { readonly code?: number; readonly msg?: string; readonly cniVersion?: string }
  /** By file: who holds an address, with the name of its interface; the last address of each range set. */
  readonly store: Readonly<Record<string, string>>
}
type Told = Pick<Line, 'rc' | 'ips' | 'interfaces' | 'routes' | 'output'>

export const cni: Family = {
  area: 'node',
  family: 'cni/bridge-host-local',
  judge(folder) {
    const lines = linesOf<Line>(join(folder, 'node/cni/bridge-host-local.jsonl'))
    return lines === undefined || lines.length === 0
      ? undefined
      : result('node', 'cni/bridge-host-local', judged(lines))
  },
}

export function judged(lines: readonly Line[]): readonly Judgement[] {
  let state = noAttachments
  let config: NetworkConfig = { bridge: 'cbr0', ranges: [] }
  return lines.map((line, i) => {
    const own = configOf(lines, i) ?? config
    const isSame = JSON.stringify(own) === JSON.stringify(config)
    config = own
    const before = asUnseen(state, isSame, line)
    const [after, told] = called(line, config, before)
    state = after
    const name = `${i + 1} ${line.case}`
    return {
      name,
      differences: [...differ('result', told, toldIn(line)), ...differ('store', storeOf(after), line.store)],
    }
  })
}

const toldIn = ({ rc, ips, interfaces, routes, output }: Line): Told => ({
  ...(rc === undefined ? {} : { rc }),
  ...(ips === undefined ? {} : { ips }),
  ...(interfaces === undefined ? {} : { interfaces }),
  ...(routes === undefined ? {} : { routes }),
  ...(output === undefined ? {} : { output }),
})

function called(line: Line, config: NetworkConfig, was: Attachments): readonly [Attachments, Told] {
  const { command, container = '' } = line
  if (command === 'DEL') return [del(was, container), { rc: 0 }]
  if (command === 'VERSION') return [was, { rc: 0, output: VERSIONS }]
  // What ADD had said is passed to CHECK; of that the recording has nothing.
  if (command === 'CHECK') return [was, failed(check(config, was, container, { interfaces: [], ips: [] }) ?? '')]
  if (command === undefined) return [was, {}]
  const done = add(config, was, container, argumentsOf(line))
  if ('error' in done) return [done.allocations, failed(done.error)]
  const ips = done.ips.map(({ ip, prefixLength, gateway }): Ip => {
    const version = ip.includes(':') ? '6' : '4'
    return { address: `${ip}/${prefixLength}`, gateway, interface: done.interfaces.indexOf('eth0'), version }
  })
  const interfaces = done.interfaces.map((name) => (name === 'veth' ? 'veth<rand>' : name))
  return [done.allocations, { rc: 0, ips, interfaces, routes: done.routes }]
}
/** libcni's code for a plugin's own errors. */
const failed = (msg: string): Told => ({ rc: 1, output: { code: 999, msg } })

/** An address is asked for where the case is named so; which, is only seen in what came of it. */
function argumentsOf({ case: name, output, ips }: Line) {
  const missingNetns = /failed to open netns "([^"]+)"/.exec(output?.msg ?? '')?.[1]
  const seen = /(?:requested ip|requested IP address|all requested IPs:) (\S+)/.exec(output?.msg ?? '')?.[1]
  const asked = name.startsWith('requested') ? (seen ?? ips?.[0]?.address.split('/')[0]) : undefined
  return {
    ...(missingNetns === undefined ? {} : { missingNetns }),
    ...(asked === undefined ? {} : { requested: [asked] }),
  }
}

/** The configuration of the lines of one case, and of those next to it that name no other. */
function configOf(lines: readonly Line[], at: number): NetworkConfig | undefined {
  const own = lines[at] as Line
  const group = lines.filter((line) => line.case === own.case)
  const named = /^subnet (\S+)$/.exec(own.case)?.[1]
  if (named !== undefined) return { bridge: 'cbr0', ranges: [[{ subnet: named }]] }
  const first = group.find(({ ips }) => ips !== undefined)?.ips
  if (first === undefined) return undefined
  const bounds = group.flatMap(({ output }) => /range set: (\S+)-(\S+)$/.exec(output?.msg ?? '')?.slice(1, 3) ?? [])
  const routes = group.find((line) => line.routes !== undefined)?.routes ?? []
  return { bridge: 'cbr0', ranges: first.map((ip) => [rangeOf(ip, bounds)]), routes }
}
function rangeOf({ address, gateway }: Ip, [rangeStart, rangeEnd]: readonly string[]): RangeConfig {
  const own = parseNetwork(address)
  if (own === undefined) return { subnet: address }
  const subnet = formatNetwork({ ...own, address: baseOf(own) })
  const bounded = rangeStart === undefined || rangeEnd === undefined ? {} : { rangeStart, rangeEnd }
  return { subnet, gateway, ...bounded }
}

/**
 * What was done between the lines, as the store tells: in another network the namespaces are others; in the same one,
 * holders whom this call is not about come and go. What the call itself does is not looked at.
 */
function asUnseen(was: Attachments, isSame: boolean, { container, store }: Line): Attachments {
  const holders = Object.entries(store).filter(([file]) => !isLast(file))
  const files = Object.keys(store)
  const known = isSame
    ? was
    : { ...noAttachments, lastReserved: was.lastReserved.map((ip, i) => (files.includes(`${LAST}${i}`) ? ip : '')) }
  const gone = known.byAddress.entries().filter(([ip, holder]) => holder !== container && store[ip] === undefined)
  const left = gone.reduce((attachments, [, holder]) => del(attachments, holder), known)
  return holders.reduce((attachments, [ip, text]) => held(attachments, ip, text.split('\n')[0] ?? '', container), left)
}
function held(was: Attachments, ip: string, holder: string, container: string | undefined): Attachments {
  if (holder === container || was.byAddress.has(ip)) return was
  const ips = [...(was.byContainer.get(holder) ?? []), ip]
  return {
    ...was,
    byAddress: was.byAddress.set(ip, holder),
    byContainer: was.byContainer.set(holder, ips),
    interfaces: was.interfaces.set(holder, true),
  }
}

const LAST = 'last_reserved_ip.'
const isLast = (file: string): boolean => file.startsWith(LAST)

function storeOf({ byAddress, lastReserved }: Attachments): Line['store'] {
  const last = lastReserved.flatMap((ip, i) => (ip === '' ? [] : [[`${LAST}${i}`, ip] as const]))
  return Object.fromEntries([...byAddress.entries().map(([ip, holder]) => [ip, `${holder}\neth0`] as const), ...last])
}

function differ(what: string, ours: object, theirs: object): readonly string[] {
  const [mine, wanted] = [sorted(ours), sorted(theirs)]
  return mine === wanted ? [] : [`${what} ${mine} is not ${wanted}`]
}
const sorted = (value: object): string =>
  JSON.stringify(Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))))
