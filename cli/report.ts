/** The report of a run as one HTML file that needs nothing else: the story, the sequence, the charts of who took part. */
import { catalogue } from '../machines/catalogue.ts'
import type { Cluster } from '../machines/cluster/cluster.ts'
import { chartOf } from '../runtime/inspect/draw/chart.ts'
import { dot } from '../runtime/inspect/draw/dot.ts'
import { sequence } from '../runtime/inspect/sequence.ts'
import { BORN, type TraceRecord } from '../runtime/trace.ts'
import { escaped, laneOf, sequenceSvg, wordsOf } from './sequence.ts'
import { svg } from './svg.ts'
import { table } from './tables.ts'
import { clock } from './terminal.ts'
import type { Told } from './timeline.ts'

const STYLE = `
:root { color-scheme: light; --ink: #1c2738; --soft: #66748a; --line: #dde4ee; --accent: #2f5fd0; }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); max-width: 1180px; margin: 0 auto; padding: 2rem 1.5rem 6rem; }
h1 { font-size: 1.7rem; margin: 0 } h2 { margin: 2.5rem 0 .6rem; font-size: 1.2rem }
nav a { margin-right: 1.2rem; color: var(--accent); text-decoration: none } p.soft, .soft { color: var(--soft) }
table.story { border-collapse: collapse; width: 100%; font-size: 13px } table.story td { border-bottom: 1px solid var(--line); padding: .2rem .6rem; vertical-align: top }
table.story td:first-child { font-variant-numeric: tabular-nums; text-align: right; color: var(--soft); white-space: nowrap } table.story td:nth-child(2) { white-space: nowrap }
tr.fault td { background: #fdecec } tr.command td { background: #eaf1fe } tr.warning td { background: #fff7e3 }
pre { background: #f6f8fb; border: 1px solid var(--line); border-radius: 6px; padding: .8rem; overflow-x: auto; font-size: 12.5px }
.scroll { overflow: auto; max-height: 34rem; border: 1px solid var(--line); border-radius: 6px } details { border-bottom: 1px solid var(--line); padding: .4rem 0 } summary { cursor: pointer }
summary b { display: inline-block; min-width: 17rem } details svg { max-width: 100%; height: auto; margin: .8rem 0 }`

/** @param records everything that was observed, in order */
export async function report(
  cluster: Cluster,
  lines: readonly Told[],
  records: readonly TraceRecord[],
): Promise<string> {
  const { count } = cluster.world.counts
  const parts = [
    `<h1>kube-orrery: the story of a run</h1>`,
    `<p class="soft">${clock(cluster.now)} of virtual time, ${count} deliveries and births, seed ${cluster.world.seed}. Nothing here is drawn by hand.</p>`,
    `<nav><a href="#story">What happened</a><a href="#tables">How it ended</a><a href="#sequence">Who said what</a><a href="#charts">Who took part</a></nav>`,
    `<h2 id="story">What happened</h2><table class="story">${lines.map(row).join('\n')}</table>`,
    `<h2 id="tables">How it ended</h2>${['nodes', 'deployments', 'pods', 'services'].map((resource) => shown(cluster, resource)).join('\n')}`,
    `<h2 id="sequence">Who said what</h2>${spoken(lines, records)}`,
    `<h2 id="charts">Who took part</h2>${await charts(cluster, records)}`,
  ]
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>kube-orrery</title><style>${STYLE}</style><body>\n${parts.join('\n')}\n</body></html>\n`
}

const row = ({ at, who, what, kind }: Told): string =>
  `<tr class="${kind}"><td>${clock(at)}</td><td>${escaped(who)}</td><td>${escaped(what)}</td></tr>`

function shown(cluster: Cluster, resource: string): string {
  const text = table(cluster, resource)
  return text === undefined ? '' : `<pre>$ kubectl get ${resource} -A\n${escaped(text)}</pre>`
}

/** How many arrows are drawn, from the first fault on: that is where it gets interesting. */
const ARROWS = 260

function spoken(lines: readonly Told[], records: readonly TraceRecord[]): string {
  const turning = lines.find(({ kind, what }) => kind === 'command' && what.includes('set image')) ?? lines[0]
  const from = turning?.at ?? 0
  const heard = records.filter(({ at, event }) => at >= from && !event.type.startsWith('Msg'))
  const said = sequence(heard, { lane: laneOf, words: wordsOf, limit: ARROWS })
  return `<p class="soft">The first ${said.length} messages between processes from ${clock(from)} on; raft's own are left out.</p><div class="scroll">${sequenceSvg(said)}</div>`
}

async function charts(cluster: Cluster, records: readonly TraceRecord[]): Promise<string> {
  const steps = new Map<string, number>()
  const births = new Map<string, number>()
  for (const { machine, event } of records) {
    steps.set(machine, (steps.get(machine) ?? 0) + 1)
    if (event.type === BORN) births.set(machine, (births.get(machine) ?? 0) + 1)
  }
  const took = catalogue.filter(({ machine }) => steps.has(machine.id))
  const drawn = await Promise.all(
    took.map(async ({ machine }) => {
      const about = `${steps.get(machine.id)} steps, ${births.get(machine.id) ?? 0} born while we watched`
      const description = machine.root.description ?? ''
      return `<details><summary><b>${machine.id}</b> <span class="soft">${about}</span></summary><p>${escaped(description)}</p>${await svg(dot(chartOf(machine)))}</details>`
    }),
  )
  return `<p class="soft">${cluster.world.addresses.length} actors were alive at the end.</p>${drawn.join('\n')}`
}
