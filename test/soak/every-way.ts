/**
 * Three members of etcd, every way they can go: from the bounds that `npm test` has time for to the whole of three terms,
 * two writes and a crash. Then what a search by hand finds, at bounds that take it minutes.
 */
import { exhaust } from '../../runtime/explore/exhaust.ts'
import { type Bounds, boundedEtcd } from '../kit/worlds/bounded-etcd.ts'
import { everyState } from '../kit/worlds/bounded-etcd-by-hand.ts'
import { nameless } from '../kit/worlds/states-by-hand.ts'
import { type Outcome, Shown } from './outcome.ts'

const LEAST: Bounds = { terms: 2, writes: 0, crashes: 0, beats: 0, room: 2, disks: 'at once' }
const ALL: readonly Bounds[] = [
  LEAST,
  { ...LEAST, room: 3 },
  { ...LEAST, disks: 'any time' },
  { ...LEAST, writes: 1 },
  { ...LEAST, writes: 2 },
  { ...LEAST, crashes: 1 },
  { ...LEAST, crashes: 1, beats: 1 },
  { ...LEAST, writes: 1, crashes: 1 },
  { ...LEAST, terms: 3 },
  { ...LEAST, terms: 3, writes: 1 },
  { ...LEAST, terms: 3, elections: 2 },
  { ...LEAST, terms: 3, elections: 2, writes: 1 },
  { ...LEAST, terms: 3, elections: 2, writes: 2 },
  { ...LEAST, terms: 3, elections: 2, crashes: 1 },
  { ...LEAST, terms: 3, elections: 2, writes: 1, crashes: 1 },
  { ...LEAST, terms: 3, elections: 2, writes: 2, crashes: 1, room: 1 },
  { ...LEAST, terms: 3, elections: 2, writes: 2, crashes: 1 },
  { ...LEAST, terms: 3, writes: 2 },
  { ...LEAST, terms: 3, writes: 1, crashes: 1 },
  { ...LEAST, terms: 3, writes: 2, crashes: 1 },
]
const BY_HAND: readonly Bounds[] = [
  { ...LEAST, room: 1, disks: 'any time' },
  LEAST,
  { ...LEAST, room: 1, writes: 2 },
  { ...LEAST, terms: 3, elections: 2 },
  { ...LEAST, room: 1, writes: 1, crashes: 1 },
]

/** @param most so many states are met in one world; one that has more has neither passed nor failed, and says `not all` */
export function everyWay(outcome: Outcome, most: number): void {
  const shown = new Shown()
  for (const bounds of ALL) {
    const words = inWords(bounds)
    const found = exhaust(boundedEtcd(bounds), {
      limit: most,
      shown: (depth, states) => shown.now(() => `${words}: ${states} states within ${depth} steps`),
    })
    const { states, steps, depth, complete, violation } = found
    console.log(`${words}: ${states} states, ${steps} steps, the farthest ${depth} away${complete ? '' : ', not all'}`)
    if (violation !== undefined) fail(outcome, told(violation))
    else if (complete) outcome.passed++
  }
  for (const bounds of BY_HAND) {
    const byHand = everyState(bounds)
    const [{ states }, once] = [exhaust(boundedEtcd(bounds)), new Set([...byHand.keys()].map(nameless)).size]
    console.log(`${inWords(bounds)}: ${states} states, ${once} by hand, ${byHand.size} with their names`)
    if (states === once) outcome.passed++
    else fail(outcome, 'they differ')
  }
}

const inWords = (bounds: Bounds): string =>
  Object.entries(bounds)
    .map(([name, bound]) => `${name} ${bound}`)
    .join(', ')
const told = ({ sentence, path }: { readonly sentence: string; readonly path: readonly string[] }): string =>
  [sentence, ...path.map((step) => `  ${step}`)].join('\n')

function fail(outcome: Outcome, text: string): void {
  outcome.failed++
  console.log(text)
}
