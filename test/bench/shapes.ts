/**
 * How many hidden classes the engine makes that no two objects share. In Node 20, an object of a literal that begins with
 * a spread, and then grows or is frozen, has one for itself; reading it later is ten times slower. Counted from the
 * engine's own log, in a world that runs longer and shorter: what is made once, at the start, is left out.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCluster } from '../../machines/cluster/create.ts'
import { atMost, type Measured, rounded } from './bench.ts'
import { ask, untilReady } from './workload.ts'

const MOST_PER_DELIVERY = 0.05
const [SHORT, LONG] = [2, 12]

export function shapes(): Measured {
  const [few, many] = [SHORT, LONG].map(logged) as [Logged, Logged]
  const value = (many.shapes - few.shapes) / (many.deliveries - few.deliveries)
  return {
    benchmarks: [atMost(MOST_PER_DELIVERY, 'hidden classes of a single object', value, 'a delivery')],
    notes: [
      `hidden classes of a single object: ${few.shapes} in ${few.deliveries} deliveries, ${many.shapes} in ${many.deliveries}; ${rounded(value)} a delivery`,
    ],
  }
}

interface Logged {
  readonly shapes: number
  readonly deliveries: number
}

function logged(minutes: number): Logged {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-shapes-'))
  const file = join(folder, 'maps.log')
  const log = ['--log-maps', `--logfile=${file}`, '--no-logfile-per-isolate']
  const { stdout } = spawnSync(process.execPath, [...log, process.argv[1] ?? '', 'minutes', `${minutes}`], {
    encoding: 'utf8',
  })
  const shapes = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => UNSHARED.test(line)).length
  rmSync(folder, { recursive: true })
  return { shapes, deliveries: JSON.parse(stdout) as number }
}
/** From a class that is shared to one that is not: the engine says why. */
const UNSHARED = /^map,Transition,.*,prototype,/

/** Ten pods a minute, and heartbeats. @returns how many deliveries that were */
export function minutes(): number {
  const cluster = createCluster({ nodes: 3 })
  ask(cluster, 10 * Number(process.argv[3]))
  untilReady(cluster)
  cluster.run(Number(process.argv[3]) * 60_000)
  return cluster.world.counts.delivered
}
