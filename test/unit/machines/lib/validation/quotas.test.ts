import { describe, expect, test } from 'vitest'
import type { Found } from '../../../../../machines/lib/validation/causes.ts'
import { checkLimitRange } from '../../../../../machines/lib/validation/limit-ranges.ts'
import { checkRuntimeClass, checkRuntimeClassUpdate } from '../../../../../machines/lib/validation/records.ts'
import {
  checkResourceQuota,
  checkResourceQuotaStatus,
  checkResourceQuotaUpdate,
} from '../../../../../machines/lib/validation/resource-quotas.ts'
import { toldOf } from './told-of.ts'

describe('a ResourceQuota', () => {
  test.each<[string, object, readonly string[]]>([
    ['as it should be', { hard: { pods: '1', 'requests.cpu': '2', 'count/jobs.batch': '3' } }, []],
    [
      'of what nobody counts',
      { hard: { foo: '1' } },
      [
        'spec.hard[foo]: Invalid value: foo: must be a standard resource type or fully qualified',
        'spec.hard[foo]: Invalid value: foo: must be a standard resource for quota',
      ],
    ],
    [
      'of parts of pods',
      { hard: { pods: '500m' } },
      [expect.stringMatching(/^spec\.hard\[pods\]: Invalid value: .*: must be an integer$/)],
    ],
    [
      'in a scope that there is not',
      { hard: { pods: '1' }, scopes: ['X'] },
      ['spec.scopes: Invalid value: []core.ResourceQuotaScope{"X"}: unsupported scope'],
    ],
    [
      'of what pods of its scope do not ask for',
      { hard: { 'requests.cpu': '1' }, scopes: ['BestEffort'] },
      ['spec.scopes: Invalid value: []core.ResourceQuotaScope{"BestEffort"}: unsupported scope applied to resource'],
    ],
    [
      'of all and nothing',
      { hard: { pods: '1' }, scopes: ['BestEffort', 'NotBestEffort'] },
      ['spec.scopes: Invalid value: []core.ResourceQuotaScope{"BestEffort", "NotBestEffort"}: conflicting scopes'],
    ],
  ])('%s', (_, spec, causes) => {
    expect(toldOf(checkResourceQuota, { spec })).toEqual(causes)
  })
  test('keeps its scopes', () => {
    const was = { spec: { hard: { pods: '1' }, scopes: ['BestEffort'] } }
    const update = (found: Found, next: never): void => checkResourceQuotaUpdate(found, next, was as never)
    expect(toldOf(update, was)).toEqual([])
    expect(toldOf(update, { spec: { hard: { pods: '1' } } })).toEqual([
      'spec.scopes: Invalid value: []core.ResourceQuotaScope{}: field is immutable',
    ])
  })
  test('counts from zero', () => {
    expect(toldOf(checkResourceQuotaStatus, { status: { hard: { pods: '-1' } } })).toEqual([
      'status.hard[pods]: Invalid value: "-1": must be greater than or equal to 0',
    ])
  })
})

describe('a LimitRange', () => {
  const limits = (...limits: readonly object[]): readonly string[] => toldOf(checkLimitRange, { spec: { limits } })
  test('goes from less to more', () => {
    const good = { type: 'Container', min: { cpu: '1' }, default: { cpu: '2' }, max: { cpu: '4' } }
    expect(limits(good)).toEqual([])
    expect(limits({ ...good, min: { cpu: '3' }, default: { cpu: '5' } })).toEqual([
      expect.stringMatching(/^spec\.limits\[0\]\.default\[cpu\]: .*: default value 5 is greater than max value 4$/),
    ])
    expect(limits({ type: 'Container', min: { cpu: '2' }, max: { cpu: '1' }, defaultRequest: { cpu: '1' } })).toEqual([
      expect.stringMatching(/^spec\.limits\[0\]\.min\[cpu\]: .*s:"2".*: min value 2 is greater than max value 1$/),
      expect.stringMatching(
        /^spec\.limits\[0\]\.defaultRequest\[cpu\]: .*s:"1".*: min value 2 is greater than default/,
      ),
    ])
  })
  test('says of what it is, once, and pods have no defaults', () => {
    expect(limits({ type: 'Pod', default: { cpu: '2' } }, { type: 'Pod' }, { type: 'PersistentVolumeClaim' })).toEqual([
      "spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'",
      'spec.limits[1].type: Duplicate value: "Pod"',
      'spec.limits[2].limits: Required value: either minimum or maximum storage value is required, but neither was provided',
    ])
    expect(limits({ max: { cpu: '1' } })[0]).toMatch(/^spec\.limits\[0\]\.type: Invalid value: "": name part must be/)
  })
  test('allows a ratio of one at least, and what its bounds allow', () => {
    const ratio = (cpu: string) => ({
      type: 'Container',
      min: { cpu: '1' },
      max: { cpu: '2' },
      maxLimitRequestRatio: { cpu },
    })
    expect(limits(ratio('2'))).toEqual([])
    expect(limits(ratio('500m'))[0]).toMatch(/ratio 500m is less than 1$/)
    expect(limits(ratio('3'))[0]).toMatch(/ratio 3 is greater than max\/min = 2$/)
  })
})

test('a RuntimeClass has one handler', () => {
  expect(toldOf(checkRuntimeClass, { handler: 'A_b' })[0]).toMatch(
    /^handler: Invalid value: "A_b": a lowercase RFC 1123/,
  )
  const update = (found: Found, next: never): void => checkRuntimeClassUpdate(found, next, { handler: 'a' })
  expect(toldOf(update, { handler: 'b' })).toEqual(['handler: Invalid value: "b": field is immutable'])
})
