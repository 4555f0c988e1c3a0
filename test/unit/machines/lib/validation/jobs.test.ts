import { describe, expect, test } from 'vitest'
import type { Found } from '../../../../../machines/lib/validation/causes.ts'
import { checkCronJob } from '../../../../../machines/lib/validation/cron-jobs.ts'
import { scheduleComplaint } from '../../../../../machines/lib/validation/cron-schedule.ts'
import { checkJobStatus } from '../../../../../machines/lib/validation/job-status.ts'
import { checkJob, checkJobUpdate, type Job } from '../../../../../machines/lib/validation/jobs.ts'
import { toldOf } from './told-of.ts'

const LABELS = {
  'batch.kubernetes.io/controller-uid': 'u',
  'batch.kubernetes.io/job-name': 'j',
  'controller-uid': 'u',
  'job-name': 'j',
}
const POD = {
  restartPolicy: 'Never',
  dnsPolicy: 'ClusterFirst',
  terminationGracePeriodSeconds: 30,
  containers: [
    { name: 'c', image: 'busybox', imagePullPolicy: 'Always', terminationMessagePolicy: 'File', resources: {} },
  ],
}
const template = (more: object = {}) => ({ metadata: { labels: LABELS }, spec: { ...POD, ...more } })
const job = (spec: object, labels = {}): Job =>
  ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'j', namespace: 'default', uid: 'u' },
    spec: {
      selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': 'u' } },
      template: { ...template(), metadata: { labels: { ...LABELS, ...labels } } },
      ...spec,
    },
  }) as unknown as Job

describe('a Job', () => {
  test.each<[string, object, readonly string[]]>([
    ['as it should be', {}, []],
    [
      'that counts below zero',
      { parallelism: -1, backoffLimit: -2 },
      [
        'spec.parallelism: Invalid value: -1: must be greater than or equal to 0',
        'spec.backoffLimit: Invalid value: -2: must be greater than or equal to 0',
      ],
    ],
    [
      'whose pods are restarted for ever',
      { template: template({ restartPolicy: 'Always' }) },
      ['spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'],
    ],
    [
      'with a mode that there is not',
      { completionMode: 'X' },
      ['spec.completionMode: Unsupported value: "X": supported values: "NonIndexed", "Indexed"'],
    ],
    [
      'with indexes, but no number of them',
      { completionMode: 'Indexed', parallelism: 100_001 },
      [
        'spec.completions: Required value: when completion mode is Indexed',
        'spec.parallelism: Invalid value: 100001: must be less than or equal to 100000 when completion mode is Indexed',
      ],
    ],
    [
      'with limits per index, but no indexes',
      { backoffLimitPerIndex: 1, maxFailedIndexes: 1 },
      [
        'spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode',
        'spec.maxFailedIndexes: Invalid value: 1: requires indexed completion mode',
      ],
    ],
    [
      'managed by somebody without a domain',
      { managedBy: 'x' },
      ['spec.managedBy: Invalid value: "x": must be a domain-prefixed path (such as "acme.io/foo")'],
    ],
    [
      'that reacts to failed pods in ways that there are not',
      {
        podReplacementPolicy: 'TerminatingOrFailed',
        podFailurePolicy: {
          rules: [
            { action: 'X', onExitCodes: { operator: 'In', values: [2, 0, 2] } },
            { action: 'FailIndex' },
            {
              onExitCodes: { operator: 'Is', containerName: 'd', values: null },
              onPodConditions: [{ type: 'A', status: 'True' }],
            },
          ],
        },
      },
      [
        'spec.podFailurePolicy.rules[0].action: Unsupported value: "X": supported values: "Count", "FailIndex", "FailJob", "Ignore"',
        'spec.podFailurePolicy.rules[0].onExitCodes.values[1]: Invalid value: 0: must not be 0 for the In operator',
        'spec.podFailurePolicy.rules[0].onExitCodes.values[2]: Duplicate value: 2',
        'spec.podFailurePolicy.rules[0].onExitCodes.values: Invalid value: []int32{2, 0, 2}: must be ordered',
        'spec.podFailurePolicy.rules[1].action: Invalid value: "FailIndex": requires the backoffLimitPerIndex to be set',
        'spec.podFailurePolicy.rules[1]: Invalid value: specifying one of OnExitCodes and OnPodConditions is required',
        'spec.podFailurePolicy.rules[2].action: Required value: valid values: ["Count" "FailIndex" "FailJob" "Ignore"]',
        'spec.podFailurePolicy.rules[2].onExitCodes.operator: Unsupported value: "Is": supported values: "In", "NotIn"',
        'spec.podFailurePolicy.rules[2].onExitCodes.containerName: Invalid value: "d": must be one of the container or initContainer names in the pod template',
        'spec.podFailurePolicy.rules[2].onExitCodes.values: Invalid value: []int32(nil): at least one value is required',
        'spec.podFailurePolicy.rules[2]: Invalid value: specifying both OnExitCodes and OnPodConditions is not supported',
        'spec.podReplacementPolicy: Unsupported value: "TerminatingOrFailed": supported values: "Failed"',
      ],
    ],
  ])('%s', (_, spec, causes) => {
    expect(toldOf(checkJob, job(spec))).toEqual(causes)
  })
  test('selects the pods that it makes', () => {
    expect(toldOf(checkJob, job({}, { 'job-name': 'z' }))).toEqual([
      expect.stringMatching(/^spec\.template\.metadata\.labels\[job-name\]: Invalid value: map.*: must be 'j'$/),
    ])
    expect(toldOf(checkJob, job({ selector: undefined, manualSelector: true }))).toEqual([
      'spec.selector: Required value',
      expect.stringMatching(/^spec\.template\.metadata\.labels: .*`selector` does not match template `labels`$/),
    ])
  })
  test('may not be made another', () => {
    const update = (found: Found, next: Job): void => checkJobUpdate(found, next, job({ completions: 2 }))
    expect(toldOf(update, job({ completions: 3 }))).toEqual(['spec.completions: Invalid value: 3: field is immutable'])
    expect(toldOf(update, job({ completions: 2, parallelism: 5 }))).toEqual([])
  })
  test('has conditions that fit together', () => {
    const status = (...types: string[]) => ({
      status: { active: -1, conditions: types.map((type) => ({ type, status: 'True' })) },
    })
    expect(toldOf(checkJobStatus, status('Complete', 'Failed'))).toEqual([
      'status.active: Invalid value: -1: must be greater than or equal to 0',
      'status.conditions: Invalid value: cannot set Complete=True and Failed=true conditions',
      'status.completionTime: Required value: completionTime is required for Complete jobs',
      'status.conditions: Invalid value: cannot set Failed=True condition without the FailureTarget=true condition',
      'status.conditions: Invalid value: cannot set Complete=True condition without the SuccessCriteriaMet=true condition',
      'status.startTime: Required value: startTime is required for finished job',
    ])
  })
})

describe('a CronJob', () => {
  test('has a schedule, and a template of a Job', () => {
    const spec = { timeZone: 'Local', concurrencyPolicy: 'Maybe', successfulJobsHistoryLimit: -1 }
    const jobTemplate = { spec: { manualSelector: true, selector: {}, template: template() } }
    expect(toldOf(checkCronJob, { metadata: { name: 'c'.repeat(53) }, spec: { ...spec, jobTemplate } })).toEqual([
      'spec.schedule: Required value',
      expect.stringMatching(/^spec\.timeZone: Invalid value: "Local": timeZone must be an explicit time zone/),
      'spec.concurrencyPolicy: Unsupported value: "Maybe": supported values: "Allow", "Forbid", "Replace"',
      expect.stringMatching(/^spec\.jobTemplate\.spec\.selector: Invalid value: .* will be auto-generated$/),
      'spec.jobTemplate.spec.manualSelector: Unsupported value: true: supported values: "nil", "false"',
      'spec.successfulJobsHistoryLimit: Invalid value: -1: must be greater than or equal to 0',
      expect.stringMatching(/^metadata\.name: .*must be no more than 52 characters$/),
    ])
  })
  test.each([
    ['*/5 0-12/2 1,15 jan-mar mon', undefined],
    ['@daily', undefined],
    ['@every 1h', undefined],
    ['TZ=UTC * * * * *', undefined],
    ['@fortnightly', 'unrecognized descriptor: @fortnightly'],
    ['', 'empty spec string'],
    ['nope', 'expected exactly 5 fields, found 1: [nope]'],
    ['61 * * * *', 'end of range (61) above maximum (59): 61'],
    ['* * 0 * *', 'beginning of range (0) below minimum (1): 0'],
    ['5-2 * * * *', 'beginning of range (5) beyond end of range (2): 5-2'],
    ['*/0 * * * *', 'step of range should be a positive number: */0'],
    ['1-2-3 * * * *', 'too many hyphens: 1-2-3'],
    ['1/2/3 * * * *', 'too many slashes: 1/2/3'],
    ['x * * * *', 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
  ])('"%s" is read as cron does', (schedule, complaint) => {
    expect(scheduleComplaint(schedule)).toBe(complaint)
  })
})
