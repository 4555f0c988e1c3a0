/**
 * A controller that was written with @kubernetes/client-node, in lockstep with the cluster: the log of the whole cluster
 * is the same to the byte, however slow either of them is.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { KubeConfig } from '@kubernetes/client-node'
import { expect, test } from 'vitest'
import { harbourMaster } from '../../docs/examples/external-controller/controller.ts'
import { logLine } from '../../runtime/inspect/log.ts'
import { Session } from './kubectl.ts'

/** How long, in real ms, something is held up at its so-many-th step. */
type Pause = (step: number) => number
const never: Pause = () => 0

const FLEET = readFileSync('docs/examples/external-controller/fleet.yaml', 'utf8')
const QUIET_MS = 50

interface Told {
  readonly log: readonly string[]
  readonly voyages: string | undefined
  readonly tookMs: number
}

async function story(thinking: Pause, holdUps: Pause): Promise<Told> {
  const session = await Session.begin('lockstep', { nodes: 1, epochMs: 1_767_225_600_000 }, QUIET_MS)
  const { cluster } = session
  cluster.apply(FLEET)
  const log: string[] = []
  let isOver = false
  const ends = cluster.world.observe((record) => {
    if (isOver) return
    log.push(logLine(record))
    // What comes after the last word of the controller depends on when this process hears of it.
    isOver = cluster.object('cm', 'herring')?.metadata.annotations?.['fleet/home'] === 'true'
  })
  const slowness = setInterval(() => hold(holdUps(cluster.world.counts.count)), 10)
  const began = cluster.now
  let steps = 0
  await harbourMaster(configOf(session), () => new Promise((done) => setTimeout(done, thinking(++steps))))
  clearInterval(slowness)
  ends()
  const voyages = cluster.object('cm', 'herring')?.metadata.annotations?.['fleet/voyages']
  session.end()
  return { log, voyages, tookMs: cluster.now - began }
}

function configOf({ folder }: Session): KubeConfig {
  const config = new KubeConfig()
  config.loadFromFile(join(folder, 'kubeconfig'))
  return config
}

/** Keeps the whole process from doing anything. */
function hold(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until; );
}

test('whoever is slow, the cluster lives through the same', async () => {
  const swift = await story(never, never)
  expect(swift.voyages).toBe('3')
  expect(swift.tookMs).toBeGreaterThan(2 * 7_000)
  const slowController = await story((step) => (step * 37) % 30, never)
  expect(parting(swift, slowController)).toEqual([])
  const slowCluster = await story(
    (step) => (step * 23) % 20,
    (count) => (count * 7) % 9,
  )
  expect(parting(swift, slowCluster)).toEqual([])
})

/** The first lines that differ, of both logs; none when they are the same. */
function parting({ log: one }: Told, { log: other }: Told): readonly (string | undefined)[] {
  const at = one.findIndex((line, i) => line !== other[i])
  if (at < 0 && one.length === other.length) return []
  return [one[at], other[at < 0 ? one.length : at]]
}
