/** Names of images, and what a kubelet says of pulling them (pkg/kubelet/images/image_manager.go). */
import { durationText } from '../../lib/duration.ts'
import type { core } from '../../protocol/objects.ts'

/** Why a name is none, in the words of github.com/distribution/reference; undefined when it is one. */
export function invalidName(image: string): string | undefined {
  const complaint = complaintAbout(image)
  return complaint === undefined
    ? undefined
    : `couldn't parse image name "${image}": invalid reference format${complaint}`
}

const DOMAIN =
  '(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\\[[0-9a-fA-F:]+\\])(?::[0-9]+)?'
const COMPONENT = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*'
const REFERENCE = new RegExp(
  `^(?:${DOMAIN}/)?${COMPONENT}(?:/${COMPONENT})*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*:[0-9a-fA-F]{32,})?$`,
)

function complaintAbout(image: string): string | undefined {
  if (REFERENCE.test(image)) return undefined
  const slash = image.indexOf('/')
  const first = slash < 0 ? '' : image.slice(0, slash)
  const isDomain = first !== '' && (/[.:]/.test(first) || first === 'localhost' || first.toLowerCase() !== first)
  const path = isDomain ? image.slice(slash + 1) : image
  const repository = path.replace(/@.*$/, '').replace(/:.*$/, '')
  return repository === repository.toLowerCase() ? '' : `: repository name (${repository}) must be lowercase`
}

/** IfNotPresent, but Always for `latest`: the API server has filled it in; absent on static pods. */
export function pullPolicy({ image = '', imagePullPolicy }: core.Container): string {
  if (imagePullPolicy !== undefined) return imagePullPolicy
  const tag = /:([^:/@]+)(?:@.*)?$/.exec(image)?.[1] ?? 'latest'
  return tag === 'latest' && !image.includes('@') ? 'Always' : 'IfNotPresent'
}

/** `in` is the pull alone, `waiting` with its time in the queue. Whole ms. */
export const pulledText = (image: string, pullMs: number, waitingMs: number, sizeBytes: number): string =>
  `Successfully pulled image "${image}" in ${durationText(Math.floor(pullMs))} ` +
  `(${durationText(Math.floor(waitingMs))} including waiting). Image size: ${sizeBytes} bytes.`
