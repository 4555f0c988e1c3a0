/** The number behind a pod's priority class: plugin/pkg/admission/priority. */
import { joined } from '../../lib/joined.ts'
import type { ApiObject, Pod } from '../../protocol/objects.ts'
import { refuse } from '../registry/attempt.ts'
import { forbidden } from '../statuses.ts'
import { cacheOf, type WatchCache } from '../watch-cache.ts'
import { creates, type Plugin } from './plugin.ts'

interface PriorityClass extends ApiObject {
  readonly value: number
  readonly globalDefault?: boolean
  readonly preemptionPolicy?: string
}
/** Known even before their objects are written. */
const SYSTEM: Readonly<Record<string, number>> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
}
const PREEMPTS = 'PreemptLowerPriority'

export const priority: Plugin = (attempt, object) => {
  if (!creates(attempt, 'pods')) return object
  const pod = object as Pod
  if (pod.spec === undefined) return object
  const given = pod.spec.priorityClassName ?? ''
  const known = given === '' ? defaultClass(attempt.cache) : classOf(attempt.cache, given)
  if (known === undefined && given !== '') {
    return refuse(
      forbidden(
        'pods',
        pod.metadata.name || pod.metadata.generateName,
        `no PriorityClass with name ${given} was found`,
      ),
    )
  }
  const { name, value, preemptionPolicy } = known ?? { name: '', value: 0, preemptionPolicy: PREEMPTS }
  if (pod.spec.priority !== undefined && pod.spec.priority !== value) {
    return refuse(forbidden('pods', pod.metadata.name || pod.metadata.generateName, differs(pod.spec.priority, value)))
  }
  const named = name === '' ? {} : { priorityClassName: name }
  const more = { ...named, priority: value, preemptionPolicy: pod.spec.preemptionPolicy ?? preemptionPolicy }
  return joined(pod, { spec: joined(pod.spec, more) }) as Pod
}
const differs = (given: number, computed: number): string =>
  `the integer value of priority (${given}) must not be provided in pod spec; priority admission controller computed ${computed} from the given PriorityClass name`

interface Known {
  readonly name: string
  readonly value: number
  readonly preemptionPolicy: string
}

function classOf(cache: WatchCache, name: string): Known | undefined {
  const found = cacheOf(cache, 'priorityclasses.scheduling.k8s.io').objects.get(name) as PriorityClass | undefined
  if (found !== undefined) return known(found)
  const value = SYSTEM[name]
  return value === undefined ? undefined : { name, value, preemptionPolicy: PREEMPTS }
}
/** Of several global defaults the lowest. There are few classes. */
function defaultClass(cache: WatchCache): Known | undefined {
  let chosen: PriorityClass | undefined
  cacheOf(cache, 'priorityclasses.scheduling.k8s.io').objects.each((each) => {
    const candidate = each as PriorityClass
    if (candidate.globalDefault === true && (chosen === undefined || candidate.value < chosen.value)) chosen = candidate
  })
  return chosen === undefined ? undefined : known(chosen)
}
const known = ({ metadata, value, preemptionPolicy }: PriorityClass): Known => ({
  name: metadata.name,
  value,
  preemptionPolicy: preemptionPolicy ?? PREEMPTS,
})
