/** The plugins of the tree, made with their arguments, and the framework that runs those of a profile. */
import { oncePer } from '../lib/once-per.ts'
import type { Plugin } from './framework.ts'
import { imageLocality } from './plugins/image-locality.ts'
import { interPodAffinity } from './plugins/inter-pod-affinity.ts'
import { nodeAffinity } from './plugins/node-affinity.ts'
import { nodeName } from './plugins/node-name.ts'
import { nodePorts } from './plugins/node-ports.ts'
import { nodeResourcesBalancedAllocation } from './plugins/node-resources-balanced-allocation.ts'
import { nodeResourcesFit } from './plugins/node-resources-fit.ts'
import { nodeUnschedulable } from './plugins/node-unschedulable.ts'
import { nodeVolumeLimits } from './plugins/node-volume-limits.ts'
import { podTopologySpread } from './plugins/pod-topology-spread.ts'
import { schedulingGates } from './plugins/scheduling-gates.ts'
import { taintToleration } from './plugins/taint-toleration.ts'
import { volumeBinding } from './plugins/volume-binding.ts'
import { volumeRestrictions } from './plugins/volume-restrictions.ts'
import { volumeZone } from './plugins/volume-zone.ts'
import type { PluginArgs, Point, Profile } from './profile.ts'

/** What each extension point runs, in order. */
export interface Framework {
  readonly preEnqueue: readonly Plugin[]
  readonly preFilter: readonly Plugin[]
  readonly filter: readonly Plugin[]
  readonly score: readonly Scoring[]
  /** DefaultPreemption takes part. */
  readonly preempts: boolean
}
export interface Scoring {
  readonly plugin: Plugin
  readonly weight: number
}

/** A profile is data; what runs it is made once. */
export const frameworkOf: (profile: Profile) => Framework = oncePer((profile) => makeFramework(profile))

function makeFramework({ plugins, args }: Profile): Framework {
  const all = new Map(pluginsWith(args).map((plugin) => [plugin.name, plugin]))
  const at = (point: Point): readonly Plugin[] =>
    plugins[point].flatMap(({ name }) => {
      const plugin = all.get(name)
      return plugin === undefined ? [] : [plugin]
    })
  return {
    preEnqueue: at('preEnqueue'),
    preFilter: at('preFilter'),
    filter: at('filter'),
    score: plugins.score.flatMap(({ name, weight }) => {
      const plugin = all.get(name)
      // Without the gate VolumeCapacityPriority, VolumeBinding has no score.
      return plugin === undefined || !scores(plugin) ? [] : [{ plugin, weight: weight === 0 ? 1 : weight }]
    }),
    preempts: plugins.postFilter.some(({ name }) => name === 'DefaultPreemption'),
  }
}

const scores = ({ score, scoreEach }: Plugin): boolean => score !== undefined || scoreEach !== undefined

const pluginsWith = (args: PluginArgs): readonly Plugin[] =>
  [
    schedulingGates,
    nodeUnschedulable,
    nodeName,
    taintToleration,
    nodeAffinity(args.NodeAffinity),
    nodePorts,
    nodeResourcesFit(args.NodeResourcesFit),
    volumeRestrictions,
    nodeVolumeLimits,
    volumeBinding,
    volumeZone,
    podTopologySpread(args.PodTopologySpread),
    interPodAffinity(args.InterPodAffinity),
    nodeResourcesBalancedAllocation(args.NodeResourcesBalancedAllocation),
    imageLocality,
  ] as readonly Plugin[]
