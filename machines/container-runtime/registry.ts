/** How a registry answers a pull, in containerd's words. */
import type { CriFailed } from '../protocol/cri.ts'
import type { PullOutcome } from '../protocol/workload.ts'
import { parseName } from './image-name.ts'

type Failure = Exclude<PullOutcome, 'well' | 'flaky'>

/** @param image as the kubelet asked for it. */
export function pullFailure(image: string, outcome: Failure): CriFailed {
  const { full } = parseName(image)
  const why = `failed to pull and unpack image "${full}": failed to resolve reference "${full}": ${reason(full, outcome)}`
  return { type: 'cri.failed', code: outcome === 'missing' ? 'NotFound' : 'Unknown', error: why }
}

function reason(image: string, outcome: Failure): string {
  const { registry, path, reference } = parseName(image)
  switch (outcome) {
    case 'missing':
      return `${image}: not found`
    case 'private':
      return registry === 'docker.io'
        ? 'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed'
        : status(registry, reference, '401 Unauthorized')
    case 'denied':
      return status(registry, reference, '403 Forbidden')
    case 'broken':
      return status(registry, reference, '500 Internal Server Error')
    case 'refused':
      return `failed to do request: Head "${urlOf(registry, path, reference)}": dial tcp ${registry}: connect: connection refused`
    case 'unknown host':
      return `failed to do request: Head "${urlOf(registry, path, reference)}": dial tcp: lookup ${registry}: no such host`
  }
}

const status = (registry: string, reference: string, text: string): string =>
  `pulling from host ${registry} failed with status code [manifests ${reference}]: ${text}`

/** Registries that are named with a port speak plain HTTP here, as local ones do. */
const urlOf = (registry: string, path: string, reference: string): string =>
  `${registry.includes(':') ? 'http' : 'https'}://${registry}/v2/${path}/manifests/${reference}`
