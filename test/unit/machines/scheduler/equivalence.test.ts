import { expect, test } from 'vitest'
import { bindingCycle } from '../../../../machines/scheduler/binding-cycle.ts'
import { scheduler } from '../../../../machines/scheduler/scheduler.ts'
import { lint } from '../../../../runtime/lint.ts'
import { equivalent } from '../../../kit/equivalence.ts'
import { became, changedTo, node, pod } from './cluster.ts'

const clients = { apiserver: 'kube-apiserver/cp', user: { name: 'u', groups: [] }, recorder: 'event-recorder/cp/x' }
const big = { spec: { containers: [{ name: 'main', resources: { requests: { cpu: '9' } } }] } } as object
const answers = [
  { type: 'api.answered', code: 201 },
  { type: 'api.answered', code: 409 },
  { type: 'call.lost', line: 'binding', reason: 'reset' },
]

test('the charts are in order', () => {
  expect([lint(scheduler), lint(bindingCycle)]).toEqual([[], []])
})
test('compiled, they do the same', () => {
  const events = [
    changedTo('nodes', [node('a'), node('b')]),
    ...['namespaces', 'services', 'replicasets.apps'].map((resource) => changedTo(resource, [])),
    changedTo('pods', [pod('web'), pod('big', big)]),
    became('pods', undefined, pod('late')),
    became('pods', pod('late'), undefined),
    became('nodes', node('b'), undefined),
    { type: 'binding.finished', key: 'default/web', uid: 'uid-web', bound: false },
    ...answers,
  ]
  equivalent(scheduler, { inputs: [clients], events }, { walks: 20, steps: 40 })
  const input = { ...clients, pod: pod('web'), key: 'default/web', node: 'a', scheduler: 'scheduler/cp', waitMs: 0 }
  equivalent(bindingCycle, { inputs: [input], events: answers }, { walks: 20, steps: 10 })
})
