/** The controllers that a cluster runs: the built-in ones, told of the user's own kinds, and the user's own. */
import { garbageCollectorController, garbageCollectorWith } from '../controllers/garbage-collector/index.ts'
import { controllers as builtIn } from '../controllers/index.ts'
import type { Listed } from '../controllers/kit/listed.ts'
import type { OwnResource } from '../lib/schema.ts'
import type { ClusterOptions } from './options.ts'

export const controllersOf = ({ controllers, resources }: ClusterOptions): readonly Listed[] => [
  ...(resources.length === 0
    ? builtIn
    : builtIn.map((each) => (each === garbageCollectorController ? collectorOf(resources) : each))),
  ...controllers,
]

const collectors = new WeakMap<readonly OwnResource[], Listed>()

/** Once a list: to compile a chart anew for every cluster would cost more than the cluster. */
function collectorOf(resources: readonly OwnResource[]): Listed {
  const known = collectors.get(resources)
  if (known !== undefined) return known
  const kinds = resources.map(({ plural, group, kind, namespaced }) => ({
    resource: `${plural}.${group}`,
    group,
    kind,
    namespaced,
  }))
  const collector = garbageCollectorWith(kinds)
  collectors.set(resources, collector)
  return collector
}
