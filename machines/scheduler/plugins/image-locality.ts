/** ImageLocality: likes nodes that have the pod's images already, the more so the larger and the wider spread they are. */
import type { Snapshot } from '../cache.ts'
import { MAX_NODE_SCORE, type Plugin } from '../framework.ts'
import type { KnownNode } from '../node-info.ts'
import type { PodInfo } from '../pod-info.ts'

const MEGABYTE = 1024 * 1024
/** Below 23 MB nothing is gained, above 1 GB per container no more is. */
const LEAST = 23 * MEGABYTE
const MOST_PER_CONTAINER = 1000 * MEGABYTE

export const imageLocality: Plugin<unknown, Snapshot> = {
  name: 'ImageLocality',
  score(pod, node, snapshot) {
    const containers = (pod.pod.spec.initContainers?.length ?? 0) + pod.pod.spec.containers.length
    const most = MOST_PER_CONTAINER * containers
    const sum = Math.min(Math.max(presentBytes(pod, node, snapshot), LEAST), most)
    return Math.trunc((MAX_NODE_SCORE * (sum - LEAST)) / (most - LEAST))
  },
}

/** sumImageScores: each image counts by the share of nodes that have it, so that one node does not draw all pods. */
function presentBytes({ pod: { spec } }: PodInfo, { name }: KnownNode, { images, order }: Snapshot): number {
  let sum = 0
  for (const { image = '' } of [...(spec.initContainers ?? []), ...spec.containers]) {
    const known = images.get(withTag(image))
    if (known?.nodes.has(name)) sum += Math.trunc(known.sizeBytes * (known.nodes.size / order.places.size))
  }
  return sum
}

/** normalizedImageName: a name without tag or digest is that of `latest`. */
const withTag = (image: string): string =>
  image.lastIndexOf(':') <= image.lastIndexOf('/') ? `${image}:latest` : image
