/** May a pod on a node that came, changed or went help a waiting pod? By the plugin that rejected it. */

import { labelsMatch } from '../lib/selector.ts'
import { isAbout, resolved } from './affinity-terms.ts'
import type { Snapshot } from './cache.ts'
import { sharesDisk } from './plugins/volume-restrictions.ts'
import type { PodInfo } from './pod-info.ts'
import { claimsOf } from './pod-volumes.ts'
import { constraintsOf } from './spreading.ts'
import { CORDONED, tolerates } from './tolerations.ts'

type Hint = (waiting: PodInfo, was: PodInfo | undefined, now: PodInfo | undefined, snapshot: Snapshot) => boolean

export const podHints: Readonly<Record<string, Hint>> = {
  NodePorts: (waiting, was) => was === undefined || sharesPort(waiting, was),
  NodeResourcesFit: (waiting, was, now) => now === undefined || was === undefined || freesSome(waiting, was, now),
  /** A disk is free again, or a claim that maybe only one pod may use. */
  VolumeRestrictions: ({ pod, namespace, claimNames }, was) =>
    was !== undefined &&
    was.namespace === namespace &&
    (sharesDisk(pod, was.pod) || was.claimNames.some((name) => claimNames.includes(name))),
  NodeVolumeLimits: (_, was) =>
    was !== undefined && (was.pod.spec.nodeName ?? '') !== '' && claimsOf(was.pod).length > 0,
  /** Its own tolerations changed. */
  TaintToleration: isItself,
  NodeUnschedulable: (waiting, was, now) =>
    isItself(waiting, was, now) && nowTolerates(CORDONED, was as PodInfo, now as PodInfo),
  InterPodAffinity(waiting, was, now, snapshot) {
    const likes = (pod: PodInfo | undefined) => pod !== undefined && isWanted(waiting, pod, snapshot)
    const dislikes = (pod: PodInfo | undefined) => pod !== undefined && isUnwanted(waiting, pod, snapshot)
    return (likes(now) && !likes(was)) || (dislikes(was) && !dislikes(now))
  },
  PodTopologySpread(waiting, was, now, snapshot) {
    if ((now ?? was)?.namespace !== waiting.namespace) return false
    const constraints = constraintsOf(waiting, 'DoNotSchedule', snapshot)
    const counted = (pod: PodInfo | undefined) =>
      pod !== undefined && constraints.some(({ selector }) => labelsMatch(selector, pod.labels))
    if (isItself(waiting, was, now) && constraints.some(({ honorsTaints }) => honorsTaints))
      return was?.pod.spec.tolerations !== now?.pod.spec.tolerations || counted(was) !== counted(now)
    return counted(was) !== counted(now)
  },
}

function isItself({ pod }: PodInfo, _: PodInfo | undefined, now: PodInfo | undefined): boolean {
  return now !== undefined && now.pod.metadata.uid === pod.metadata.uid
}

const nowTolerates = (taint: typeof CORDONED, was: PodInfo, now: PodInfo): boolean =>
  tolerates(now.pod.spec.tolerations, taint) && !tolerates(was.pod.spec.tolerations, taint)

const sharesPort = ({ hostPorts }: PodInfo, other: PodInfo): boolean =>
  hostPorts.some((port) =>
    other.hostPorts.some(
      (theirs) =>
        port.port === theirs.port &&
        port.protocol === theirs.protocol &&
        (port.ip === theirs.ip || port.ip === '0.0.0.0' || theirs.ip === '0.0.0.0'),
    ),
  )

function freesSome({ requests }: PodInfo, was: PodInfo, now: PodInfo): boolean {
  const { milliCpu, memoryBytes, ephemeralStorageBytes, scalar } = was.requests
  return (
    (requests.milliCpu > 0 && milliCpu > now.requests.milliCpu) ||
    (requests.memoryBytes > 0 && memoryBytes > now.requests.memoryBytes) ||
    (requests.ephemeralStorageBytes > 0 && ephemeralStorageBytes > now.requests.ephemeralStorageBytes) ||
    Object.keys(requests.scalar).some((name) => (scalar[name] ?? 0) > (now.requests.scalar[name] ?? 0))
  )
}

const isWanted = ({ requiredAffinity }: PodInfo, pod: PodInfo, snapshot: Snapshot): boolean =>
  requiredAffinity.length > 0 && requiredAffinity.every((term) => isAbout(resolved(term, snapshot), pod))
/** Of all terms together, as in the real one: who matches only one of them keeps nobody away, says this hint. */
const isUnwanted = ({ requiredAntiAffinity }: PodInfo, pod: PodInfo, snapshot: Snapshot): boolean =>
  requiredAntiAffinity.length > 0 && requiredAntiAffinity.every((term) => isAbout(resolved(term, snapshot), pod))
