import { expect, test } from 'vitest'
import { type Claim, claimsQuota, judged, newest, quotasIn } from '../../../../machines/apiserver/quota-claims.ts'
import type { ResourceQuota } from '../../../../machines/lib/quota/usage.ts'
import type { ApiRequest } from '../../../../machines/protocol/api.ts'
import { AT, cacheWith, object } from './attempts.ts'

const hard = { pods: '2' }
const quota = (used: string, metadata: Record<string, unknown> = {}) =>
  object('ResourceQuota', { spec: { hard }, status: { hard, used: { pods: used } } }, metadata) as ResourceQuota
const cache = cacheWith({
  'resourcequotas/default/x': quota('0'),
  'resourcequotas/other/x': quota('0', { namespace: 'other' }),
})
const pod = object('Pod', { spec: { containers: [] } })
const claim = (call: number, dryRun = false): Claim => ({
  from: `request/cp-1/${call}`,
  call,
  claimed: { type: 'quota.claimed', resource: 'pods', object: pod, was: undefined, dryRun },
})
const request = (more: Partial<ApiRequest>): ApiRequest => ({
  type: 'api.request',
  user: { name: 'a', groups: [] },
  verb: 'create',
  resource: 'pods',
  namespace: 'default',
  ...more,
})

test('what may use something up in a namespace with quotas claims it', () => {
  expect(claimsQuota(cache, request({}))).toBe(true)
  expect(claimsQuota(cache, request({ verb: 'patch', resource: 'services' }))).toBe(true)
  expect(claimsQuota(cache, request({ verb: 'update' }))).toBe(false)
  expect(claimsQuota(cache, request({ subresource: 'status' }))).toBe(false)
  expect(claimsQuota(cache, request({ resource: 'events' }))).toBe(false)
  expect(claimsQuota(cache, request({ namespace: 'quiet' }))).toBe(false)
  expect(claimsQuota(cacheWith(), request({}))).toBe(false)
})
test('the quotas of a namespace are its own', () => {
  expect(quotasIn(cache, 'default').map(({ metadata }) => metadata.namespace)).toEqual(['default'])
})
test('what was written here may be newer than the cache', () => {
  const [older, newer] = [quota('1', { resourceVersion: '5' }), quota('2', { resourceVersion: '9' })]
  expect(newest([older], [newer])).toEqual([newer])
  expect(newest([newer], [older])).toEqual([newer])
  expect(newest([older], [])).toEqual([older])
})
test('each claim is judged on what those before it have left', () => {
  const { claims, changed } = judged([quota('0')], [claim(1), claim(2), claim(3)], AT)
  expect(claims.map(({ refusal }) => refusal?.message)).toEqual([
    undefined,
    undefined,
    'pods "x" is forbidden: exceeded quota: x, requested: pods=1, used: pods=2, limited: pods=2',
  ])
  expect(changed.map(({ status }) => status?.used)).toEqual([{ pods: '2' }])
})
test('a dry run uses nothing up, and what is refused stays refused', () => {
  expect(judged([quota('0')], [claim(1, true)], AT).changed).toEqual([])
  const refused = judged([quota('2')], [claim(1)], AT).claims
  expect(judged([quota('0')], refused, AT)).toEqual({ claims: refused, changed: [] })
})
