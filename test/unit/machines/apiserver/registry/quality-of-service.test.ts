import { expect, test } from 'vitest'
import { qosClass } from '../../../../../machines/apiserver/registry/quality-of-service.ts'
import type { Pod } from '../../../../../machines/protocol/objects.ts'
import { object } from '../attempts.ts'

const both = { cpu: '1', memory: '1Gi' }
test.each([
  ['nothing asked', [{}], 'BestEffort'],
  ['zeros asked', [{ requests: { cpu: '0' } }], 'BestEffort'],
  ['requests only', [{ requests: { cpu: '1' } }], 'Burstable'],
  ['limits of both', [{ limits: both }], 'Guaranteed'],
  ['limits equal to requests', [{ limits: both, requests: both }], 'Guaranteed'],
  ['requests below limits', [{ limits: both, requests: { cpu: '500m', memory: '1Gi' } }], 'Burstable'],
  ['one container without', [{ limits: both }, {}], 'Burstable'],
  ['other resources only', [{ limits: { 'example.com/gpu': '1' } }], 'BestEffort'],
])('%s: %s', (_, all, expected) => {
  const containers = all.map((resources, i) => ({ name: `c${i}`, resources }))
  expect(qosClass(object('Pod', { spec: { containers } }) as Pod)).toBe(expected)
})
