import { expect, test } from 'vitest'
import { pullFailure } from '../../../../machines/container-runtime/registry.ts'

const head = (image: string) => `failed to pull and unpack image "${image}": failed to resolve reference "${image}": `

test.each([
  ['registry.test/missing/app:1', 'missing', 'NotFound', 'registry.test/missing/app:1: not found'],
  [
    'registry.test/denied/app:1',
    'denied',
    'Unknown',
    'pulling from host registry.test failed with status code [manifests 1]: 403 Forbidden',
  ],
  [
    'registry.test/private/app:1',
    'private',
    'Unknown',
    'pulling from host registry.test failed with status code [manifests 1]: 401 Unauthorized',
  ],
  [
    'registry.test/broken/app:1',
    'broken',
    'Unknown',
    'pulling from host registry.test failed with status code [manifests 1]: 500 Internal Server Error',
  ],
  [
    'refused.test:5000/app:1',
    'refused',
    'Unknown',
    'failed to do request: Head "http://refused.test:5000/v2/app/manifests/1": dial tcp refused.test:5000: connect: connection refused',
  ],
  [
    'nowhere.invalid/app:1',
    'unknown host',
    'Unknown',
    'failed to do request: Head "https://nowhere.invalid/v2/app/manifests/1": dial tcp: lookup nowhere.invalid: no such host',
  ],
  [
    'docker.io/library/no:1',
    'private',
    'Unknown',
    'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
  ],
] as const)('%s', (image, outcome, code, reason) => {
  expect(pullFailure(image, outcome)).toEqual({ type: 'cri.failed', code, error: head(image) + reason })
})
