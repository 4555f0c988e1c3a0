/** Faults at random moments, drawn from the seed: what `orrery check` does to a story. */
import { type Address, draw } from '../../runtime/contract.ts'
import type { Cluster } from './cluster.ts'
import { controlPlanesOf, workersOf } from './layout.ts'

/** How badly a cluster is treated. */
export interface Weather {
  /** On average one fault in so many ms. */
  readonly everyMs: number
  /** Until when faults strike, in virtual time; what is broken then is mended. */
  readonly untilMs: number
  readonly kinds: readonly FaultKind[]
}
export type FaultKind = 'crash' | 'power' | 'cut' | 'pause' | 'reset' | 'delay'
export const FAULT_KINDS: readonly FaultKind[] = ['crash', 'power', 'cut', 'pause', 'reset', 'delay']

/** A fault that struck: when in virtual time, on what, for how long, and in words. */
export interface Struck {
  readonly at: number
  readonly words: string
  readonly kind: FaultKind
  /** A process of `crash` and `pause`, else a host. */
  readonly on: Address
  /** The other host of `cut`, `delay` and `reset`. */
  readonly other: string
  /** When it is mended; undefined when there is nothing to mend. */
  readonly until: number | undefined
}

/**
 * Disturbs a cluster while it runs. At any time at most one fault that lasts is in force, so that a quorum survives.
 * @returns what has struck so far; grows while the cluster runs
 */
export function disturb(cluster: Cluster, weather: Weather): readonly Struck[] {
  const struck: Struck[] = []
  const dice = draw(cluster.world.seed, 'weather')
  let [count, next] = [0, weather.everyMs * (0.5 + fraction(dice, 'first'))]
  let inForce: Struck | undefined
  cluster.look(() => {
    if (inForce?.until !== undefined && cluster.now >= inForce.until) {
      mend(cluster, inForce)
      inForce = undefined
    }
    if (inForce !== undefined || cluster.now < next || cluster.now >= weather.untilMs) return
    const fault = drawn(cluster, weather, draw(dice, count))
    count++
    next = cluster.now + weather.everyMs * 2 * fraction(dice, `pause ${count}`)
    if (fault === undefined) return
    strike(cluster, fault)
    struck.push(fault)
    if (fault.until !== undefined) inForce = fault
  })
  return struck
}

/** Lets exactly these faults strike, at their times: those of an earlier play, or some of them. */
export function afflict(cluster: Cluster, faults: readonly Struck[]): void {
  let begun = 0
  const inForce = new Set<Struck>()
  // At the very moments, also when what was written then is written no more.
  for (const { at } of faults) cluster.lookAt(at)
  cluster.look(() => {
    for (const fault of inForce) {
      if (cluster.now < (fault.until ?? 0)) continue
      mend(cluster, fault)
      inForce.delete(fault)
    }
    for (let fault = faults[begun]; fault !== undefined && cluster.now >= fault.at; fault = faults[begun]) {
      begun++
      if (cluster.world.snapshot(fault.on) === undefined && isOfProcess(fault)) continue
      strike(cluster, fault)
      if (fault.until !== undefined) inForce.add(fault)
    }
  })
}

const fraction = (dice: number, label: string): number => draw(dice, label) / 2 ** 32
const pick = <T>(options: readonly T[], dice: number, label: string): T =>
  options[draw(dice, label) % options.length] as T
const isOfProcess = ({ kind }: { readonly kind: FaultKind }): boolean => kind === 'crash' || kind === 'pause'

/** @returns undefined when there is nothing to break */
function drawn(cluster: Cluster, { kinds, untilMs }: Weather, dice: number): Struck | undefined {
  const kind = pick(kinds, dice, 'kind')
  const host = pick([...controlPlanesOf(cluster.options), ...workersOf(cluster.options)], dice, 'host')
  const others = cluster.world.hosts.filter((each) => each !== host)
  const other = pick(others, dice, 'other')
  const process = pick(processesOn(cluster, host), dice, 'process') as Address | undefined
  const on = isOfProcess({ kind }) ? process : host
  if (on === undefined) return undefined
  const at = cluster.now
  const lasts = Math.min(2_000 + (draw(dice, 'lasts') % 58_000), untilMs - at)
  const until = kind === 'crash' || kind === 'reset' ? undefined : at + lasts
  const fault = { at, kind, on, other, until }
  return { ...fault, words: inWords(fault, Math.round(lasts)) }
}

function inWords({ kind, on, other }: Omit<Struck, 'words'>, lasts: number): string {
  switch (kind) {
    case 'crash':
      return `crash ${on}`
    case 'pause':
      return `pause ${on} for ${lasts} ms`
    case 'power':
      return `power off ${on} for ${lasts} ms`
    case 'cut':
      return `cut ${on} from ${other} for ${lasts} ms`
    case 'delay':
      return `delay ${on} to ${other} by ${DELAY_MS} ms for ${lasts} ms`
    case 'reset':
      return `reset ${on} and ${other}`
  }
}

const DELAY_MS = 300

function strike({ faults }: Cluster, { kind, on, other }: Struck): void {
  switch (kind) {
    case 'crash':
      return faults.crash(on)
    case 'pause':
      return faults.pause(on)
    case 'power':
      return faults.powerOff(on)
    case 'cut':
      return faults.cut(on, other)
    case 'delay':
      return faults.delay(on, other, DELAY_MS)
    case 'reset':
      return faults.reset(on, other)
  }
}

function mend({ faults }: Cluster, { kind, on, other }: Struck): void {
  switch (kind) {
    case 'pause':
      return faults.resume(on)
    case 'power':
      return faults.powerOn(on)
    case 'cut':
      return faults.heal(on, other)
    case 'delay':
      return faults.delay(on, other, 0)
    default:
  }
}

/** The processes of a host that its init system keeps running. */
function processesOn(cluster: Cluster, host: string): Address[] {
  const { actors } = cluster.world.inside
  return [...actors]
    .filter(([address, { life }]) => life.host === host && life.process === address && isUnit(address))
    .map(([address]) => address)
}
const isUnit = (address: Address): boolean => /^(etcd|kube-[a-z-]+|kubelet|containerd)\/[^/]+$/.test(address)
