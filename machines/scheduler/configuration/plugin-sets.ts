/**
 * Which plugins take part where: the default ones, without those that the user disabled and with those enabled
 * (mergePlugins in apis/config/v1, expandMultiPointPlugins in framework/runtime).
 */
import { DEFAULT_PLUGINS, type EnabledPlugin, IMPLEMENTED, POINTS, type Point, type Profile } from '../profile.ts'
import type { Reading } from './reading.ts'

interface PluginSet {
  readonly enabled: readonly EnabledPlugin[]
  readonly disabled: readonly string[]
}

/** @param own names of Permit plugins that are not of the tree */
export function pluginsAt(at: Reading, own: readonly string[] = []): Profile['plugins'] {
  at.knows('multiPoint', ...POINTS)
  const known: Known = { ...IMPLEMENTED, ...Object.fromEntries(own.map((name) => [name, ['permit']])) }
  const multiPoint = merged(DEFAULT_PLUGINS, setAt(at.at('multiPoint'), known))
  const read = POINTS.map((point) => {
    return [point, expanded(point, setAt(at.at(point), known, point), multiPoint, known)] as const
  })
  const plugins = Object.fromEntries(read) as unknown as Profile['plugins']
  if (plugins.queueSort.length !== 1)
    at.at('queueSort').wrong(`one queue sort plugin is required, not ${plugins.queueSort.length}`)
  if (plugins.bind.length === 0) at.at('bind').wrong('at least one bind plugin is needed')
  return plugins
}

type Known = typeof IMPLEMENTED

function setAt(at: Reading, known: Known, point?: Point): PluginSet {
  at.knows('enabled', 'disabled')
  const enabled = at.at('enabled').items()
  const read = enabled.map((item) => {
    item.knows('name', 'weight')
    const name = item.at('name').text('')
    const points = known[name]
    if (points === undefined) item.wrong(`plugin "${name}" does not exist`)
    else if (point !== undefined && !points.includes(point)) item.wrong(`plugin "${name}" does not extend ${point}`)
    return { name, weight: item.at('weight').whole(0) }
  })
  const seen = new Set<string>()
  read.forEach(({ name }, i) => {
    if (seen.has(name)) (enabled[i] as Reading).wrong(`plugin "${name}" already registered`)
    seen.add(name)
  })
  return {
    enabled: read,
    disabled: at
      .at('disabled')
      .items()
      .map((item) => item.knows('name', 'weight').at('name').text('')),
  }
}

/** What is enabled anew takes the place that the default one had. */
function merged(defaults: readonly EnabledPlugin[], { enabled, disabled }: PluginSet): readonly EnabledPlugin[] {
  const own = new Map(enabled.map((plugin) => [plugin.name, plugin]))
  const kept = disabled.includes('*') ? [] : defaults.filter(({ name }) => !disabled.includes(name))
  const names = new Set(kept.map(({ name }) => name))
  return [...kept.map((plugin) => own.get(plugin.name) ?? plugin), ...enabled.filter(({ name }) => !names.has(name))]
}

/** First what overrides plugins of all points, then those, then what is enabled here alone. */
function expanded(
  point: Point,
  { enabled, disabled }: PluginSet,
  multiPoint: readonly EnabledPlugin[],
  known: Known,
): readonly EnabledPlugin[] {
  if (disabled.includes('*')) return enabled
  const own = new Set(enabled.map(({ name }) => name))
  const everywhere = new Set(multiPoint.filter(({ name }) => !disabled.includes(name)).map(({ name }) => name))
  const others = multiPoint.filter(({ name }) => everywhere.has(name) && !own.has(name) && known[name]?.includes(point))
  const overriding = enabled.filter(({ name }) => everywhere.has(name))
  return [...overriding, ...others, ...enabled.filter(({ name }) => !everywhere.has(name))]
}
