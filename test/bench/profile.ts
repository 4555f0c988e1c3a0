/**
 * Where the time of a large run goes: `npx tsx test/bench/profile.ts [pods] [nodes]` (10,000 on 1,000) prints the costs by
 * component and by function, as `docs/performance.md` shows them. Sampled by V8's own profiler.
 */
import { Session } from 'node:inspector/promises'
import { quietMs } from './bench.ts'
import { deployed, perPod, pretending, told } from './control-plane.ts'

interface Frame {
  readonly id: number
  readonly children?: readonly number[]
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly columnNumber: number }
}
interface Profile {
  readonly nodes: readonly Frame[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}
const SHOWN = 25

const [pods = 10_000, nodes = 1_000] = process.argv.slice(2).map(Number)
const cluster = pretending(nodes)
const session = new Session()
session.connect()
await session.post('Profiler.enable')
await session.post('Profiler.setSamplingInterval', { interval: 1_000 })
await session.post('Profiler.start')
const before = cluster.world.counts.delivered
let ms = 0
const all = quietMs(() => {
  ms = deployed(cluster, pods)
})
const { profile } = (await session.post('Profiler.stop')) as unknown as { profile: Profile }
const deliveries = (cluster.world.counts.delivered - before) / pods
console.log(
  `${pods} pods on ${nodes} nodes: ${told(all)}, ${perPod(ms, pods)}, ${deliveries.toFixed(1)} deliveries a pod\n`,
)
show('by component, with what it calls of lib and trees', shares(profile, component))
show('by function', shares(profile, leaf))

type Name = (path: readonly Frame[]) => string

/** @param name says of a sample, from its innermost frame outwards, under what it counts */
function shares({ nodes, samples, timeDeltas }: Profile, name: Name): [string, number][] {
  const frames = new Map(nodes.map((node) => [node.id, node]))
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)))
  const named = new Map<number, string>()
  const sums = new Map<string, number>()
  samples.forEach((id, i) => {
    const under = named.get(id) ?? name(pathOf(id, frames, parents))
    named.set(id, under)
    sums.set(under, (sums.get(under) ?? 0) + (timeDeltas[i] ?? 0))
  })
  const total = timeDeltas.reduce((sum, delta) => sum + delta, 0)
  return [...sums].map(([key, time]): [string, number] => [key, time / total]).sort(([, a], [, b]) => b - a)
}

function pathOf(id: number, frames: ReadonlyMap<number, Frame>, parents: ReadonlyMap<number, number>): Frame[] {
  const path: Frame[] = []
  for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) path.push(frames.get(at) as Frame)
  return path
}

/** The folder of the innermost component on the way; arithmetic and trees count for whoever calls them. */
function component(path: readonly Frame[]): string {
  const [{ callFrame }] = path as [Frame]
  if (callFrame.functionName === '(garbage collector)') return 'garbage collection'
  const inside = path.find(({ callFrame: { url } }) => /\/machines\/(?!lib|protocol|cluster|profiles)/.test(url))
  if (inside !== undefined) return /\/(machines\/(?:controllers\/)?[^/]+)\//.exec(inside.callFrame.url)?.[1] ?? ''
  return path.some(({ callFrame: { url } }) => url.includes('/runtime/')) ? 'runtime' : 'other'
}

/** A function that has no name is told by where it stands in its file, which tsx writes in one line. */
function leaf([frame]: readonly Frame[]): string {
  if (frame === undefined) return ''
  const { callFrame } = frame
  const file = /\/((?:machines|runtime|test)\/.*)$/.exec(callFrame.url)?.[1] ?? ''
  return `${callFrame.functionName || `(at ${callFrame.columnNumber})`} ${file}`.trim()
}

function show(title: string, rows: readonly (readonly [string, number])[]): void {
  console.log(title)
  for (const [name, share] of rows.slice(0, SHOWN)) console.log(`${(share * 100).toFixed(1).padStart(6)} %  ${name}`)
  console.log('')
}
