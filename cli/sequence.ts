/** The sequence of a run, from its log. */

import type { ApiAnswered, ApiRequest, WatchEvents } from '../machines/protocol/api.ts'
import { type Said, sequence, sequenceDiagram } from '../runtime/inspect/sequence.ts'
import type { TraceRecord } from '../runtime/trace.ts'
import type { Format } from './draw.ts'
import { BadInput } from './failure.ts'
import type { LogLine } from './load.ts'

/** How many arrows a reader follows before the picture is a carpet. */
const MOST_ARROWS = 400

/** Who an address stands for: the process or the part of a component, not each request. */
export function laneOf(address: string): string | undefined {
  const [role = '', host = '', ...rest] = address.split('/')
  if (role === 'api-read' || role === 'request') return `kube-apiserver/${host}`
  if (role === 'reflector') return `${rest[0] ?? role}/${host}`
  if (role === 'unit' || role === 'host') return undefined
  return rest.length === 0 ? address : `${role}/${host}`
}

interface Spoken extends Partial<Omit<ApiRequest, 'type'>> {
  readonly type: string
  readonly code?: ApiAnswered['code']
  readonly changes?: WatchEvents['changes']
}

/** What a message says, shorter than itself: `patch deployments.apps/web`, `201`, `ADDED default/web-1`. */
export function wordsOf({ event }: Pick<TraceRecord, 'event'>): string {
  const { verb, subresource, resource, name, code, changes } = event as Spoken
  if (event.type === 'api.request') {
    const what = subresource === undefined ? resource : `${resource}/${subresource}`
    return `${verb} ${what}${name === undefined || name === '' ? '' : ` ${name}`}`
  }
  if (event.type === 'api.answered') return String(code)
  const [change] = changes ?? []
  if (event.type !== 'watch.events' || change === undefined) return event.type
  const more = (changes?.length ?? 0) > 1 ? ` and ${(changes?.length ?? 0) - 1} more` : ''
  return `${change.type} ${change.object.kind} ${change.key}${more}`
}

/** From who asks to who remembers: the order in which a reader expects the lanes. */
const LANES = [
  'kubectl',
  'load-balancer',
  'kube-apiserver',
  'etcd',
  'kube-controller-manager',
  'kube-scheduler',
  'kubelet',
]
const rankOf = (lane: string): string => {
  const role = lane.slice(0, lane.indexOf('/'))
  const rank = LANES.indexOf(role)
  return `${rank < 0 ? LANES.length : rank} ${lane}`
}
const inOrder = (lanes: readonly string[]): string[] => lanes.toSorted((a, b) => (rankOf(a) < rankOf(b) ? -1 : 1))

export function sequenceOf(lines: readonly LogLine[], format: Format): string {
  const said = sequence(lines as unknown as readonly TraceRecord[], {
    lane: laneOf,
    words: wordsOf,
    limit: MOST_ARROWS,
  })
  if (format === 'json') return `${JSON.stringify(said, undefined, 2)}\n`
  if (format !== 'mermaid' && format !== 'svg') throw new BadInput('a sequence is drawn as mermaid, svg or json')
  return format === 'mermaid' ? sequenceDiagram(said) : sequenceSvg(said)
}

const LANE = 190
const ROW = 22
const TOP = 60

/** A sequence diagram without any tool: lanes, arrows, words. */
export function sequenceSvg(said: readonly Said[]): string {
  const lanes = inOrder([...new Set(said.flatMap(({ from, to }) => [from, to]))])
  const [width, height] = [lanes.length * LANE + 120, TOP + said.length * ROW + 30]
  const x = (lane: string): number => 100 + lanes.indexOf(lane) * LANE
  const heads = lanes.map((lane) => head(lane, x(lane), height))
  const arrows = said.map((each, i) => arrow(each, x(each.from), x(each.to), TOP + i * ROW))
  const marker =
    '<defs><marker id="a" markerWidth="8" markerHeight="8" refX="7" refY="3" orient="auto"><path d="M0,0 L7,3 L0,6 z" fill="#3b4a63"/></marker></defs>'
  const style = 'font-family="Helvetica, Arial, sans-serif" font-size="10"'
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ${style}>${marker}\n${[...heads, ...arrows].join('\n')}\n</svg>\n`
}

const head = (lane: string, x: number, height: number): string =>
  `<line x1="${x}" y1="30" x2="${x}" y2="${height}" stroke="#c3cede"/><text x="${x}" y="20" text-anchor="middle" font-weight="bold">${escaped(lane)}</text>`

function arrow({ at, words }: Said, from: number, to: number, y: number): string {
  const middle = (from + to) / 2
  const time = `<text x="4" y="${y + 3}" fill="#7a879b">${(at / 1_000).toFixed(3)}</text>`
  const line = `<line x1="${from}" y1="${y}" x2="${to}" y2="${y}" stroke="#3b4a63" marker-end="url(#a)"/>`
  return `${time}${line}<text x="${middle}" y="${y - 4}" text-anchor="middle">${escaped(words)}</text>`
}

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
