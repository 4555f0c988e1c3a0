/** A chart in Graphviz' language: nested states as clusters, arrows between any two of them. */
import { type Chart, label, type State } from './chart.ts'

const PAPER = 'fontname="Helvetica" fontsize=11'

export function dot(chart: Chart): string {
  const root = chart.states.find(({ path }) => path === '') as State
  const lines = [
    `digraph ${quoted(chart.id)} {`,
    `  compound=true rankdir=TB nodesep=0.35 ranksep=0.5 ${PAPER} bgcolor="white"`,
    `  label=${quoted(title(chart))} labelloc=t fontsize=14`,
    `  node [shape=box style="rounded,filled" fillcolor="#f6f8fb" color="#5b6b82" ${PAPER} margin="0.24,0.1"]`,
    `  edge [color="#5b6b82" fontcolor="#26344a" ${PAPER} fontsize=9 arrowsize=0.7]`,
    ...inside(chart, root, '  '),
    ...arrows(chart),
    '}',
    '',
  ]
  return lines.join('\n')
}

/** Over the picture: what it is, and what happens in every state. */
function title(chart: Chart): string {
  const { id, description } = chart
  const meaning = description === undefined ? [] : [wrapped(description, 90)]
  return [id, ...meaning, ...stays(chart, '').map((each) => `in every state: ${each}`)].join('\n')
}

function inside(chart: Chart, parent: State, pad: string): string[] {
  const children = chart.states.filter((state) => state.parent === parent.path)
  const initial = parent.initial === undefined ? [] : initially(chart, parent.path, parent.initial, pad)
  return [...initial, ...children.flatMap((child) => drawn(chart, child, pad))]
}

function initially(chart: Chart, parent: string, first: string, pad: string): string[] {
  const dotId = quoted(`${parent}>initial`)
  const options = cluster(chart, first) ? ` [lhead=${quoted(`cluster ${first}`)}]` : ''
  return [
    `${pad}${dotId} [shape=circle label="" width=0.13 fixedsize=true style=filled fillcolor="#26344a"]`,
    `${pad}${dotId} -> ${quoted(anchor(chart, first))}${options}`,
  ]
}

function drawn(chart: Chart, state: State, pad: string): string[] {
  if (!cluster(chart, state.path)) return [`${pad}${quoted(state.path)} [${look(chart, state)}]`]
  const dashes = state.type === 'parallel' ? 'dashed,rounded,filled' : 'rounded,filled'
  return [
    `${pad}subgraph ${quoted(`cluster ${state.path}`)} {`,
    `${pad}  label=${quoted(words(chart, state))} labelloc=t style="${dashes}" fillcolor="#ffffff" color="#8a99ad" fontsize=11`,
    `${pad}  ${quoted(`${state.path}>anchor`)} [shape=point style=invis width=0.01 label=""]`,
    ...inside(chart, state, `${pad}  `),
    `${pad}}`,
  ]
}

function look(chart: Chart, state: State): string {
  if (state.type === 'history') return `shape=circle label="H" fixedsize=true width=0.3`
  const shape = state.type === 'final' ? 'peripheries=2 fillcolor="#e8eef7"' : ''
  return `label=${quoted(words(chart, state))} ${shape}`
}

/** The name, what it means, what is done on the way in and out, and what happens without leaving it. */
function words(chart: Chart, { name, path, description, entry, exit }: State): string {
  const meaning = description === undefined ? [] : [wrapped(description, 46)]
  const inwards = entry.length === 0 ? [] : [`→ ${wrapped(entry.join(', '), 46)}`]
  const outwards = exit.length === 0 ? [] : [`${wrapped(exit.join(', '), 46)} →`]
  return [name, ...meaning, ...inwards, ...outwards, ...stays(chart, path)].join('\n')
}

/** Transitions without a target, as UML writes internal ones: in the state. */
const stays = (chart: Chart, path: string): string[] =>
  chart.transitions.filter(({ from, to }) => from === path && to.length === 0).map((each) => wrapped(label(each), 60))

/** One arrow for each pair of states: what leads from one to the other is stacked on it. */
function arrows(chart: Chart): string[] {
  const pairs = new Map<string, { readonly from: string; readonly to: string; readonly said: string[] }>()
  for (const transition of chart.transitions) {
    for (const to of transition.to) {
      const { from } = transition
      const pair = pairs.get(`${from}>${to}`) ?? { from, to, said: [] }
      pairs.set(`${from}>${to}`, pair)
      pair.said.push(wrapped(label(transition), 34))
    }
  }
  return [...pairs.values()].map(({ from, to, said }) => arrow(chart, from, to, said))
}

function arrow(chart: Chart, from: string, to: string, said: readonly string[]): string {
  const tail = cluster(chart, from) ? ` ltail=${quoted(`cluster ${from}`)}` : ''
  const head = cluster(chart, to) && to !== from ? ` lhead=${quoted(`cluster ${to}`)}` : ''
  return `  ${quoted(anchor(chart, from))} -> ${quoted(anchor(chart, to))} [label=${quoted(said.join('\n'))}${tail}${head}]`
}

const cluster = (chart: Chart, path: string): boolean =>
  chart.states.some(({ parent }) => parent === path && path !== '')
const anchor = (chart: Chart, path: string): string =>
  path === ''
    ? chart.states[0]?.initial === undefined
      ? ''
      : '>initial'
    : cluster(chart, path)
      ? `${path}>anchor`
      : path

/** Breaks at spaces so that no line is longer than `width`, where that is possible. */
export function wrapped(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => line.split(' ').reduce((done, word) => joined(done, word, width), ''))
    .join('\n')
}

function joined(done: string, word: string, width: number): string {
  if (done === '') return word
  const last = done.length - (done.lastIndexOf('\n') + 1)
  return last + 1 + word.length > width ? `${done}\n${word}` : `${done} ${word}`
}

const quoted = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`
