import { describe, expect, test } from 'vitest'
import { checkAutoscaler } from '../../../../../machines/lib/validation/autoscalers.ts'
import type { Found } from '../../../../../machines/lib/validation/causes.ts'
import {
  checkDisruptionBudget,
  checkDisruptionBudgetStatus,
} from '../../../../../machines/lib/validation/disruption-budgets.ts'
import {
  checkPriorityClass,
  checkPriorityClassUpdate,
} from '../../../../../machines/lib/validation/priority-classes.ts'
import { checkBinding, checkBindingUpdate, checkRole } from '../../../../../machines/lib/validation/roles.ts'
import { toldOf } from './told-of.ts'

const GROUP = 'rbac.authorization.k8s.io'

describe('roles and their bindings', () => {
  const inNamespace = { metadata: { name: 'r', namespace: 'default' } }
  test('a rule allows something', () => {
    const rules = [{ verbs: null }, { verbs: ['get'], nonResourceURLs: ['/x'], resources: ['pods'] }]
    expect(toldOf(checkRole, { ...inNamespace, rules })).toEqual([
      'rules[0].verbs: Required value: verbs must contain at least one value',
      'rules[0].apiGroups: Required value: resource rules must supply at least one api group',
      'rules[0].resources: Required value: resource rules must supply at least one resource',
      'rules[1].nonResourceURLs: Invalid value: []string{"/x"}: namespaced rules cannot apply to non-resource URLs',
      'rules[1].nonResourceURLs: Invalid value: []string{"/x"}: rules cannot apply to both regular resources and non-resource URLs',
    ])
  })
  const role = { apiGroup: GROUP, kind: 'ClusterRole', name: 'view' }
  test('a binding gives a role to somebody', () => {
    const subjects = [
      { kind: 'ServiceAccount', name: 's' },
      { kind: 'User', apiGroup: 'x', name: 'u' },
      { kind: 'Dog', name: 'd' },
    ]
    expect(toldOf(checkBinding, { metadata: { name: 'r' }, roleRef: role, subjects })).toEqual([
      'subjects[0].namespace: Required value',
      `subjects[1].apiGroup: Unsupported value: "x": supported values: "${GROUP}"`,
      'subjects[2].kind: Unsupported value: "Dog": supported values: "ServiceAccount", "User", "Group"',
    ])
    expect(toldOf(checkBinding, { ...inNamespace, roleRef: { apiGroup: GROUP } })).toEqual([
      'roleRef.kind: Unsupported value: "": supported values: "Role", "ClusterRole"',
      'roleRef.name: Required value',
    ])
  })
  test('it never gives another', () => {
    const was = { ...inNamespace, roleRef: role } as never
    const next = { ...inNamespace, roleRef: { ...role, name: 'edit' } }
    expect(toldOf((found: Found, each: never) => checkBindingUpdate(found, each, was), next)).toEqual([
      `roleRef: Invalid value: rbac.RoleRef{APIGroup:"${GROUP}", Kind:"ClusterRole", Name:"edit"}: cannot change roleRef`,
    ])
  })
})

describe('a PriorityClass', () => {
  test('has a value that a user may give', () => {
    const called = (name: string, more: object) => toldOf(checkPriorityClass, { metadata: { name }, value: 1, ...more })
    expect(called('mine', {})).toEqual([])
    expect(called('mine', { value: 1_000_000_001, preemptionPolicy: 'X' })).toEqual([
      'value: Forbidden: maximum allowed value of a user defined priority is 1000000000',
      'preemptionPolicy: Unsupported value: "X": supported values: "PreemptLowerPriority", "Never"',
    ])
    expect(called('system-node-critical', { value: 2_000_001_000 })).toEqual([])
    expect(called('system-x', {})).toEqual([
      expect.stringMatching(/^metadata\.name: Forbidden: .* error: system-x is not a known system priority class$/),
    ])
  })
  test('keeps it', () => {
    const update = (found: Found, next: never): void => checkPriorityClassUpdate(found, next, { value: 1 } as never)
    expect(toldOf(update, { value: 2, preemptionPolicy: 'Never' })).toEqual([
      'value: Forbidden: may not be changed in an update.',
      'preemptionPolicy: Invalid value: "Never": field is immutable',
    ])
  })
})

describe('a PodDisruptionBudget', () => {
  test.each<[string, object, readonly (string | RegExp)[]]>([
    ['as it should be', { minAvailable: '50%' }, []],
    ['below zero', { minAvailable: -1 }, ['spec.minAvailable: Invalid value: -1: must be greater than or equal to 0']],
    ['of too much', { maxUnavailable: '101%' }, [/must not be greater than 100%$/]],
    ['of words', { maxUnavailable: 'abc' }, [/a valid percent string must be/]],
    ['of both', { minAvailable: 1, maxUnavailable: 1 }, [/minAvailable and maxUnavailable cannot be both set$/]],
    [
      'that evicts as nobody does',
      { unhealthyPodEvictionPolicy: 'X' },
      [/supported values: "AlwaysAllow", "IfHealthyBudget"$/],
    ],
  ])('%s', (_, spec, causes) => {
    const found = toldOf(checkDisruptionBudget, { spec })
    expect(found).toEqual(causes.map((each) => (typeof each === 'string' ? each : expect.stringMatching(each))))
  })
  test('counts from zero', () => {
    expect(toldOf(checkDisruptionBudgetStatus, { status: { currentHealthy: -1 } })).toEqual([
      'status.currentHealthy: Invalid value: -1: must be greater than or equal to 0',
    ])
  })
})

describe('a HorizontalPodAutoscaler', () => {
  const SPEC = { minReplicas: 1, maxReplicas: 3, scaleTargetRef: { kind: 'D', name: 'd' } }
  const cpu = (target: object) => ({ type: 'Resource', resource: { name: 'cpu', target } })
  test.each<[string, object, readonly string[]]>([
    ['as it should be', { metrics: [cpu({ type: 'Utilization', averageUtilization: 50 })] }, []],
    [
      'that may shrink to nothing, and grow to less',
      { minReplicas: 0, maxReplicas: -1 },
      [
        'spec.minReplicas: Invalid value: 0: must be greater than or equal to 1',
        'spec.maxReplicas: Invalid value: -1: must be greater than 0',
        'spec.maxReplicas: Invalid value: -1: must be greater than or equal to `minReplicas`',
        'spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas',
      ],
    ],
    ['of nothing', { scaleTargetRef: { kind: 'D' } }, ['spec.scaleTargetRef.name: Required value']],
    [
      'without a source',
      { metrics: [{ type: 'Resource' }] },
      ['spec.metrics[0].resource: Required value: must populate information for the given metric source'],
    ],
    [
      'without a target',
      { metrics: [cpu({ type: 'Utilization' })] },
      [
        'spec.metrics[0].resource.target.averageUtilization: Required value: must set either a target raw value or a target utilization',
      ],
    ],
    [
      'that takes too long',
      {
        behavior: {
          scaleUp: { stabilizationWindowSeconds: 5_000, policies: [{ type: 'X', value: 0, periodSeconds: 5_000 }] },
        },
      },
      [
        'spec.behavior.scaleUp.stabilizationWindowSeconds: Invalid value: 5000: must be less than or equal to 3600',
        'spec.behavior.scaleUp.policies[0].type: Unsupported value: "X": supported values: "Percent", "Pods"',
        'spec.behavior.scaleUp.policies[0].value: Invalid value: 0: must be greater than zero',
        'spec.behavior.scaleUp.policies[0].periodSeconds: Invalid value: 5000: must be less than or equal to 1800',
      ],
    ],
  ])('%s', (_, more, causes) => {
    expect(toldOf(checkAutoscaler, { spec: { ...SPEC, ...more } })).toEqual(causes)
  })
})
