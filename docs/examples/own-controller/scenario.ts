/**
 * The story of a coast that gets its lighthouses, one after the other, while processes crash. Two keepers in one tower
 * quarrel: that must never be.
 */
import { type Scenario, scenario } from '../../../machines/index.ts'
import { lighthouseController } from './controller.ts'
import { keepersOf, type Naming } from './keepers.ts'
import { LIGHTHOUSES, type Lighthouse, lighthouse, lighthouses } from './lighthouse.ts'

const NAMES = ['alder', 'birch', 'cedar', 'dune', 'ebb', 'fjord', 'gull', 'heron', 'islet', 'jetty', 'kelp', 'lagoon']
/** Nobody is ever content with the first one. */
const COLOURS = ['white', 'red', 'green']

const coast = (title: string, naming: Naming): Scenario =>
  scenario(
    title,
    { nodes: 1, controlPlanes: 1, resources: [lighthouses], controllers: [lighthouseController(naming)] },
    ({ apply, run, always, eventually, sometimes, cluster }) => {
      const keepers = (name: string) =>
        keepersOf(cluster.get('pods')).filter(({ metadata }) => metadata.ownerReferences?.[0]?.name === name)
      const isLit = (name: string) => cluster.object<Lighthouse>(LIGHTHOUSES, name)?.status?.phase === 'Lit'

      always('no lighthouse has two keepers', () => NAMES.every((name) => keepers(name).length <= 1))
      sometimes('a keeper is on the way', () => NAMES.some((name) => keepers(name).length === 1 && !isLit(name)))
      eventually('every lighthouse shines', () => NAMES.every(isLit), { within: '10m' })
      for (const name of NAMES) {
        for (const colour of COLOURS) {
          apply(lighthouse(name, colour))
          run('1s')
        }
      }
    },
    { weather: { kinds: ['crash'], everyMs: 10_000, untilMs: 120_000 } },
  )

/** With the mistake. */
export const aCoast = coast('a coast gets its lighthouses', 'numbered')
/** Without it. */
export const aMendedCoast = coast('a coast gets its lighthouses, and each keeper has one name', 'one name')
