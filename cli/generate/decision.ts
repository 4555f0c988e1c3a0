/**
 * The pictures and tables of docs/one-decision.md, from what the scheduler itself says of docs/examples/decision.
 * Written anew with `npx tsx cli/generate/decision.ts`; a test holds them current.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import type { Explanation, NodeExplained } from '../../machines/scheduler/explain.ts'
import { explainedFrom } from '../schedule.ts'

const FOLDER = 'docs/examples/decision'
const PAGE = 'docs/one-decision.md'

/** File name and content: the pictures, and the page with its generated parts. */
export function decisionPages(): [name: string, text: string][] {
  const [placed, urgent] = explainedFrom(`${FOLDER}/cluster.yaml`, `${FOLDER}/pods.yaml`) as [Explanation, Explanation]
  const parts = { filters: filterTable(placed), scores: scoreTable(placed), victims: victimTable(urgent) }
  return [
    ['docs/pictures/decision-filters.svg', filterPicture(placed)],
    ['docs/pictures/decision-scores.svg', scorePicture(placed)],
    ['docs/pictures/decision-victims.svg', victimPicture(urgent)],
    [PAGE, withParts(readFileSync(PAGE, 'utf8'), parts)],
  ]
}

/** Between `<!-- name -->` and `<!-- end -->`. */
function withParts(page: string, parts: Readonly<Record<string, string>>): string {
  let text = page
  for (const [name, part] of Object.entries(parts)) {
    const [from, to] = [`<!-- ${name} -->`, '<!-- end -->']
    const start = text.indexOf(from) + from.length
    text = `${text.slice(0, start)}\n${part}\n${text.slice(text.indexOf(to, start))}`
  }
  return text
}

const byName = ({ nodes }: Explanation): readonly NodeExplained[] =>
  [...nodes].sort((a, b) => (a.node < b.node ? -1 : 1))
const reasonsOf = ({ filter }: NodeExplained): readonly string[] =>
  Object.entries(filter).flatMap(([plugin, said]) =>
    said === 'passed' ? [] : [`${plugin}: ${said.reasons.join(', ')}`],
  )

function filterTable(of: Explanation): string {
  const rows = byName(of).map((node) => `| ${node.node} | ${node.fits ? 'fits' : reasonsOf(node).join('; ')} |`)
  return ['| node | |', '|---|---|', ...rows].join('\n')
}

function scoreTable(of: Explanation): string {
  const nodes = scored(of)
  const plugins = Object.keys(nodes[0]?.scores ?? {})
  const rows = nodes.map(({ node, scores, total }) => {
    const cells = plugins.map((plugin) => {
      const { raw, normalized, weight } = scores[plugin] as NodeExplained['scores'][string]
      return `${raw} → ${normalized} × ${weight}`
    })
    return `| ${node} | ${cells.join(' | ')} | **${total}** |`
  })
  return [`| node | ${plugins.join(' | ')} | sum |`, `|---|${plugins.map(() => '---|').join('')}---|`, ...rows].join(
    '\n',
  )
}
/** The best first. */
const scored = (of: Explanation): readonly NodeExplained[] =>
  byName(of)
    .filter(({ total }) => total !== undefined)
    .sort((a, b) => (b.total ?? 0) - (a.total ?? 0))

function victimTable({ preemption }: Explanation): string {
  const rows = preemption.map(({ node, victims, violations, best }) => {
    const who = victims.map((victim) => victim.replace('default/', '')).join(', ')
    return `| ${best ? `**${node}**` : node} | ${who} | ${violations} |`
  })
  return ['| node | who would have to go | broken budgets |', '|---|---|---|', ...rows].join('\n')
}

const [ROW, LEFT, TOP] = [26, 60, 120]
const [GREEN, RED, GREY] = ['#2f9e44', '#e03131', '#868e96']
const COLOURS = ['#4263eb', '#1098ad', '#f08c00', '#9c36b5', '#5c940d', '#d6336c']

/** Every plugin asked about every node. */
function filterPicture(of: Explanation): string {
  const nodes = byName(of)
  const plugins = Object.keys(nodes[0]?.filter ?? {})
  const head = plugins.map((plugin, i) => slanted(LEFT + i * ROW + ROW / 2, TOP - 8, plugin))
  const rows = nodes.flatMap((node, row) => [
    text(LEFT - 12, TOP + row * ROW + 17, node.node, 'end', node.fits ? GREEN : 'currentColor'),
    ...plugins.map((plugin, i) => verdict(LEFT + i * ROW, TOP + row * ROW, plugin, node)),
    text(LEFT + plugins.length * ROW + 10, TOP + row * ROW + 17, node.fits ? 'fits' : '', 'start', GREEN),
  ])
  return picture(LEFT + plugins.length * ROW + 150, TOP + nodes.length * ROW + 16, [...head, ...rows])
}

function verdict(x: number, y: number, plugin: string, { node, filter }: NodeExplained): string {
  const said = filter[plugin] ?? 'passed'
  const colour = said === 'passed' ? GREEN : RED
  const why = said === 'passed' ? 'passed' : said.reasons.join(', ')
  const fill = `fill="${colour}" fill-opacity="${said === 'passed' ? 0.25 : 0.9}"`
  const box = `<rect x="${x + 2}" y="${y + 2}" width="${ROW - 4}" height="${ROW - 4}" rx="4" ${fill}>`
  return `${box}<title>${escaped(`${plugin} of ${node}: ${why}`)}</title></rect>`
}

/** Weighted scores, one after the other. */
function scorePicture(of: Explanation): string {
  const nodes = scored(of)
  const plugins = Object.keys(nodes[0]?.scores ?? {})
  const top = 20 + plugins.length * 18
  const legend = plugins.flatMap((plugin, i) => [
    `<rect x="${LEFT}" y="${8 + i * 18}" width="12" height="12" rx="2" fill="${COLOURS[i % COLOURS.length]}"/>`,
    text(LEFT + 20, 18 + i * 18, `${plugin} × ${nodes[0]?.scores[plugin]?.weight}`, 'start'),
  ])
  const bars = nodes.flatMap((node, row) => {
    const y = top + row * (ROW + 6)
    let x = LEFT
    const parts = plugins.map((plugin, i) => {
      const { weighted } = node.scores[plugin] as NodeExplained['scores'][string]
      const at = x
      x += weighted
      return `<rect x="${at}" y="${y}" width="${weighted}" height="${ROW}" fill="${COLOURS[i % COLOURS.length]}"><title>${plugin}: ${weighted}</title></rect>`
    })
    const isBest = of.best.includes(node.node)
    const sum = text(
      x + 8,
      y + 17,
      `${node.total}${isBest ? ', the best' : ''}`,
      'start',
      isBest ? GREEN : 'currentColor',
    )
    return [text(LEFT - 12, y + 17, node.node, 'end'), ...parts, sum]
  })
  return picture(LEFT + 760, top + nodes.length * (ROW + 6) + 10, [...legend, ...bars])
}

/** Who would have to go where. */
function victimPicture({ preemption }: Explanation): string {
  const WIDTH = 110
  const rows = preemption.flatMap(({ node, victims, violations, best }, row) => {
    const y = 10 + row * (ROW + 8)
    const boxes = victims.flatMap((victim, i) => [
      `<rect x="${LEFT + i * (WIDTH + 6)}" y="${y}" width="${WIDTH}" height="${ROW}" rx="4" fill="${RED}" fill-opacity="0.25"/>`,
      text(LEFT + i * (WIDTH + 6) + WIDTH / 2, y + 17, victim.replace('default/', ''), 'middle'),
    ])
    const x = LEFT + victims.length * (WIDTH + 6) + 8
    const budget = violations === 0 ? '' : 'breaks a budget'
    const verdict = best ? text(x, y + 17, 'costs least', 'start', GREEN) : text(x, y + 17, budget, 'start', GREY)
    return [text(LEFT - 12, y + 17, node, 'end', best ? GREEN : 'currentColor'), ...boxes, verdict]
  })
  return picture(LEFT + 420, 10 + preemption.length * (ROW + 8) + 6, rows)
}

const picture = (width: number, height: number, parts: readonly string[]): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="13">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...parts,
    '</svg>\n',
  ].join('\n')
const text = (x: number, y: number, words: string, anchor: string, colour = 'currentColor'): string =>
  words === '' ? '' : `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${colour}">${escaped(words)}</text>`
const slanted = (x: number, y: number, words: string): string =>
  `<text x="${x}" y="${y}" transform="rotate(-50 ${x} ${y})">${escaped(words)}</text>`
const escaped = (words: string): string => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

if (argv[1] === fileURLToPath(import.meta.url))
  for (const [name, content] of decisionPages()) writeFileSync(name, content)
