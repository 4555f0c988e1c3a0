/** `orrery schedule`: where would a pod go in a cluster, and why not elsewhere? Nothing is run for it. */
import { readFileSync } from 'node:fs'
import { Command } from '@commander-js/extra-typings'
import { parse } from 'yaml'
import { defaulted } from '../machines/lib/schema/defaults.ts'
import { resourceOfShortName } from '../machines/lib/schema.ts'
import v132 from '../machines/profiles/v1.32/index.ts'
import type { Applied } from '../machines/protocol/kubectl.ts'
import type { ApiObject, Pod } from '../machines/protocol/objects.ts'
import { readConfiguration } from '../machines/scheduler/configuration/configuration.ts'
import { inWords } from '../machines/scheduler/configuration/reading.ts'
import { cacheFrom } from '../machines/scheduler/dump.ts'
import { type Explanation, explain } from '../machines/scheduler/explain.ts'
import { DEFAULT_PROFILE, type Profile } from '../machines/scheduler/profile.ts'
import { simulatorAnnotations } from '../machines/scheduler/simulator-annotations.ts'
import { inLines } from './explained.ts'
import { BadInput } from './failure.ts'
import { manifestsAt } from './manifests.ts'
import { print } from './terminal.ts'

export const scheduleCommand = () =>
  new Command('schedule')
    .description('where would a pod go in a cluster, and why not elsewhere?')
    .requiredOption('--cluster <dump>', 'the cluster: what kubectl get nodes,pods,… -A -o yaml wrote, or manifests')
    .requiredOption('--pod <manifest>', 'the pods to place, each on its own')
    .option('--config <file>', 'a KubeSchedulerConfiguration')
    .option('--json', 'all that every plugin says, as JSON')
    .option('--annotations', 'the same as the annotations that kube-scheduler-simulator writes')
    .action((flags) => {
      const profiles = flags.config === undefined ? [DEFAULT_PROFILE] : profilesIn(flags.config)
      const explained = explainedFrom(flags.cluster, flags.pod, profiles)
      if (flags.json === true) print(JSON.stringify(explained, undefined, 2))
      else if (flags.annotations === true)
        print(
          JSON.stringify(
            explained.map((one) => simulatorAnnotations(one, one.best[0])),
            undefined,
            2,
          ),
        )
      else for (const each of explained) print(inLines(each).join('\n'))
      if (explained.some(({ message, gated }) => message !== undefined || gated !== undefined)) process.exitCode = 1
    }) as never

/** What becomes of each of the pods. @param dump a file, as is `manifest` @throws {BadInput} */
export function explainedFrom(
  dump: string,
  manifest: string,
  profiles: readonly Profile[] = [DEFAULT_PROFILE],
): readonly Explanation[] {
  const cluster = manifestsAt([dump], v132)
  const pods = podsIn(manifestsAt([manifest], v132), manifest)
  const known = { cache: cacheFrom(cluster.map(complete)), profiles, nextNode: 0 }
  return pods.map((pod) => explain(known, withPriority(pod, cluster)))
}

function podsIn(objects: readonly Applied[], file: string): readonly Pod[] {
  const pods = objects.filter(({ resource }) => resource === 'pods').map((one) => complete(one).object as Pod)
  if (pods.length === 0) throw new BadInput(`${file}: has no Pod`)
  return pods
}

/** As the API server would keep it: with its defaults. */
function complete({ resource, object }: Applied): Applied {
  const facts = resourceOfShortName(v132, resource)
  return { resource, object: (facts === undefined ? object : defaulted(facts, object)) as ApiObject }
}

/** The admission plugin Priority, for a pod that is not admitted. */
function withPriority(pod: Pod, cluster: readonly Applied[]): Pod {
  if (pod.spec.priority !== undefined) return pod
  const classes = cluster.filter(({ resource }) => resource === 'priorityclasses.scheduling.k8s.io')
  const found = classes
    .map(({ object }) => object as ApiObject & { value: number; globalDefault?: boolean; preemptionPolicy?: string })
    .find(({ metadata, globalDefault }) =>
      pod.spec.priorityClassName === undefined ? globalDefault === true : metadata.name === pod.spec.priorityClassName,
    )
  if (found === undefined) return pod
  const { value: priority, preemptionPolicy = 'PreemptLowerPriority' } = found
  return { ...pod, spec: { ...pod.spec, priority, preemptionPolicy } }
}

function profilesIn(file: string): readonly Profile[] {
  const { configuration, problems } = readConfiguration(parse(readFileSync(file, 'utf8'), { version: '1.1' }))
  if (configuration === undefined) throw new BadInput(problems.map((one) => `${file}: ${inWords(one)}`).join('\n'))
  return configuration.profiles
}
