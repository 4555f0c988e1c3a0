/** A chart as a Mermaid state diagram: what renders in any Markdown viewer. */
import { type Chart, label, type State, type Transition } from './chart.ts'

/**
 * Mermaid draws no arrow between the insides of two composite states: such an arrow is drawn between the states beside
 * each other that hold its ends, and says its true end in words.
 */
export function mermaid(chart: Chart): string {
  const root = chart.states.find(({ path }) => path === '') as State
  // Regions lie in a state: those of a whole chart in one that stands for it.
  const whole = [`  state "${text(root.name)}" as machine {`, ...inside(chart, root, 2), '  }']
  return ['stateDiagram-v2', ...(root.type === 'parallel' ? whole : inside(chart, root, 1)), ''].join('\n')
}

function inside(chart: Chart, parent: State, depth: number): string[] {
  const children = chart.states.filter((state) => state.parent === parent.path)
  const pad = '  '.repeat(depth)
  const initial = parent.initial === undefined ? [] : [`${pad}[*] --> ${idOf(parent.initial)}`]
  const states = children.map((child) => drawn(chart, child, depth))
  const regions =
    parent.type === 'parallel'
      ? states.flatMap((lines, i) => (i === 0 ? lines : [`${pad}--`, ...lines]))
      : states.flat()
  return [...initial, ...regions, ...arrowsIn(chart, parent).map((line) => `${pad}${line}`)]
}

function drawn(chart: Chart, state: State, depth: number): string[] {
  const pad = '  '.repeat(depth)
  const title = `${pad}state "${text(state.name)}" as ${idOf(state.path)}`
  if (state.type === 'final') return [title, `${pad}${idOf(state.path)} --> [*]`]
  if (state.initial === undefined && state.type !== 'parallel') return [title]
  return [`${title} {`, ...inside(chart, state, depth + 1), `${pad}}`]
}

/** The arrows whose ends meet in this state: between its children, or from itself into them. */
function arrowsIn(chart: Chart, parent: State): string[] {
  return chart.transitions.flatMap((transition) => {
    const targets = transition.to.length === 0 ? [transition.from] : transition.to
    return targets.flatMap((to) =>
      meeting(transition.from, to) === parent.path ? [arrow(parent, transition, to)] : [],
    )
  })
}

function arrow(parent: State, transition: Transition, to: string): string {
  const [from, end] = [childIn(parent.path, transition.from), childIn(parent.path, to)]
  const truly = [...(from === transition.from ? [] : [`from ${transition.from}`]), ...(end === to ? [] : [`to ${to}`])]
  const words = [label(transition), ...truly.map((each) => `(${each})`)].filter((each) => each !== '').join(' ')
  return `${idOf(from)} --> ${idOf(end)}${words === '' ? '' : ` : ${text(words)}`}`
}

/** The innermost state inside which both ends lie. */
function meeting(a: string, b: string): string {
  const [left, right] = [a.split('.'), b.split('.')]
  const least = Math.min(left.length, right.length)
  let shared = 0
  while (shared < least - 1 && left[shared] === right[shared]) shared++
  return left.slice(0, shared).join('.')
}

function childIn(parent: string, path: string): string {
  if (path === parent) return path
  const below = parent === '' ? 0 : parent.split('.').length
  return path
    .split('.')
    .slice(0, below + 1)
    .join('.')
}

const idOf = (path: string): string => (path === '' ? 'all' : `s_${path.replaceAll(/[^A-Za-z0-9]/g, '_')}`)
/** Colons, semicolons, hashes, quotes and brackets mean something to Mermaid. */
const text = (words: string): string => words.replaceAll(/[;#"<>{}]/g, ' ').replaceAll(':', ' ')
