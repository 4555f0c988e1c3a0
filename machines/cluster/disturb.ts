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

/** What struck, for the report: virtual time and words. */
export interface Struck {
  readonly at: number
  readonly words: string
}

/**
 * Disturbs a cluster while it runs. At any time at most one fault that lasts is in force, so that a quorum survives.
 * @returns what has struck so far; grows while the cluster runs
 */
export function disturb(cluster: Cluster, weather: Weather): readonly Struck[] {
  const struck: Struck[] = []
  const dice = draw(cluster.world.seed, 'weather')
  let [count, next] = [0, weather.everyMs * (0.5 + fraction(dice, 'first'))]
  let mend: Mend | undefined
  cluster.look(() => {
    if (mend !== undefined && (cluster.now >= mend.at || cluster.now >= weather.untilMs)) {
      mend.done()
      mend = undefined
    }
    if (mend !== undefined || cluster.now < next || cluster.now >= weather.untilMs) return
    const strike = drawn(cluster, weather, draw(dice, count))
    count++
    next = cluster.now + weather.everyMs * 2 * fraction(dice, `pause ${count}`)
    struck.push({ at: cluster.now, words: strike.words })
    mend = strike.mend
  })
  return struck
}

interface Mend {
  readonly at: number
  readonly done: () => void
}
interface Strike {
  readonly words: string
  readonly mend: Mend | undefined
}

const fraction = (dice: number, label: string): number => draw(dice, label) / 2 ** 32
const pick = <T>(options: readonly T[], dice: number, label: string): T =>
  options[draw(dice, label) % options.length] as T

function drawn(cluster: Cluster, { kinds }: Weather, dice: number): Strike {
  const kind = pick(kinds, dice, 'kind')
  const lasts = 2_000 + (draw(dice, 'lasts') % 58_000)
  const until = (done: () => void): Mend => ({ at: cluster.now + lasts, done })
  const { faults } = cluster
  const host = pick([...controlPlanesOf(cluster.options), ...workersOf(cluster.options)], dice, 'host')
  const other = pick(
    cluster.world.hosts.filter((each) => each !== host),
    dice,
    'other',
  )
  const process = pick(processesOn(cluster, host), dice, 'process')
  switch (kind) {
    case 'crash':
      if (process === undefined) return { words: 'nothing to crash', mend: undefined }
      faults.crash(process)
      return { words: `crash ${process}`, mend: undefined }
    case 'pause':
      if (process === undefined) return { words: 'nothing to pause', mend: undefined }
      faults.pause(process)
      return { words: `pause ${process} for ${lasts} ms`, mend: until(() => faults.resume(process)) }
    case 'power':
      faults.powerOff(host)
      return { words: `power off ${host} for ${lasts} ms`, mend: until(() => faults.powerOn(host)) }
    case 'cut':
      faults.cut(host, other)
      return { words: `cut ${host} from ${other} for ${lasts} ms`, mend: until(() => faults.heal(host, other)) }
    case 'delay':
      faults.delay(host, other, lasts / 100)
      return {
        words: `delay ${host} to ${other} by ${lasts / 100} ms`,
        mend: until(() => faults.delay(host, other, 0)),
      }
    case 'reset':
      faults.reset(host, other)
      return { words: `reset ${host} and ${other}`, mend: undefined }
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
