/** ImageLocality: likes nodes that have the pod's images already, the more so the larger and the wider spread they are. */
import type { Image } from '../cache.ts'
import { MAX_NODE_SCORE, type Plugin, scores } from '../framework.ts'
import type { KnownNode } from '../node-info.ts'

const MEGABYTE = 1024 * 1024
/** Below 23 MB nothing is gained, above 1 GB per container no more is. */
const LEAST = 23 * MEGABYTE
const MOST_PER_CONTAINER = 1000 * MEGABYTE

interface Wanted {
  /** Those that some node has: one entry for each container. */
  readonly images: readonly Image[]
  readonly containers: number
  /** Of the cluster. */
  readonly nodes: number
}

export const imageLocality: Plugin<unknown, Wanted> = {
  name: 'ImageLocality',
  preScore({ pod: { spec } }, { images, order }) {
    const containers = [...(spec.initContainers ?? []), ...spec.containers]
    const known = containers.flatMap(({ image = '' }) => images.get(withTag(image)) ?? [])
    return { state: { images: known, containers: containers.length, nodes: order.places.size } }
  },
  scoreEach(_, nodes, wanted) {
    if (wanted.images.length === 0) return scores(nodes.length, scoreOf(0, wanted))
    return nodes.map((node) => scoreOf(presentBytes(node, wanted), wanted))
  },
}

function scoreOf(bytes: number, { containers }: Wanted): number {
  const most = MOST_PER_CONTAINER * containers
  const sum = Math.min(Math.max(bytes, LEAST), most)
  return Math.trunc((MAX_NODE_SCORE * (sum - LEAST)) / (most - LEAST))
}

/** sumImageScores: each image counts by the share of nodes that have it, so that one node does not draw all pods. */
function presentBytes(node: KnownNode, { images, nodes }: Wanted): number {
  let sum = 0
  for (const image of images)
    if (image.nodes.has(node.name)) sum += Math.trunc(image.sizeBytes * (image.nodes.size / nodes))
  return sum
}

/** normalizedImageName: a name without tag or digest is that of `latest`. */
const withTag = (image: string): string =>
  image.lastIndexOf(':') <= image.lastIndexOf('/') ? `${image}:latest` : image
