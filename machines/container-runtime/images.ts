/** Images on a node: what is known of one before it is pulled, and under which names it is found afterwards. */
import { textHash } from '../../runtime/contract.ts'
import type { Tree } from '../../runtime/tree.ts'
import type { Image } from '../protocol/cri.ts'
import type { Behaviour } from '../protocol/workload.ts'
import { conductOf } from '../workload/behaviour.ts'
import { PULL_BYTES_PER_MS, PULL_MS } from './containerd/timings.ts'
import { parseName } from './image-name.ts'

/** Of an image of which nothing is told. */
const SIZE_BYTES = 50_000_000

/** The same one for the same name: many containers run from it. */
export function imageNamed(name: string, behaviours: readonly Behaviour[]): Image {
  const images = known.get(behaviours) ?? new Map<string, Image>()
  known.set(behaviours, images)
  const image = images.get(name) ?? imageOf(name, behaviours)
  images.set(name, image)
  return image
}
const known = new WeakMap<readonly Behaviour[], Map<string, Image>>()

function imageOf(name: string, behaviours: readonly Behaviour[]): Image {
  const { full, registry, path } = parseName(name)
  const { sizeBytes = SIZE_BYTES, user } = conductOf(behaviours, full)
  const digest = `sha256:${digestOf(full, 'manifest')}`
  return {
    id: `sha256:${digestOf(full, 'config')}`,
    imageRef: `${registry}/${path}@${digest}`,
    repoTags: [full],
    sizeBytes,
    ...(user === undefined ? {} : { user: String(user) }),
  }
}

/** How long the download and unpacking take. */
export function pullMs(name: string, behaviours: readonly Behaviour[]): number {
  const { sizeBytes = SIZE_BYTES, pullMs: told } = conductOf(behaviours, parseName(name).full)
  return told ?? PULL_MS + Math.ceil(sizeBytes / PULL_BYTES_PER_MS)
}

/** By any of its names: as a pod writes it, in full, by digest or by id. Some images are on a node from the first. */
export function findImage(images: Tree<Image>, behaviours: readonly Behaviour[], name: string): Image | undefined {
  const { full } = parseName(name)
  const found = images.get(full)
  if (found !== undefined) return found
  if (name.includes('@') || name.startsWith('sha256:')) {
    return images.values().find(({ id, imageRef }) => id === name || imageRef === name)
  }
  return conductOf(behaviours, full).preloaded === true ? imageNamed(full, behaviours) : undefined
}

/** 64 hexadecimal digits that depend on nothing but the text. */
export function digestOf(text: string, ...labels: readonly (string | number)[]): string {
  return [1, 2, 3, 4, 5, 6, 7, 8]
    .map((i) =>
      textHash(`${i} ${labels.join(' ')} ${text}`)
        .toString(16)
        .padStart(8, '0'),
    )
    .join('')
}
