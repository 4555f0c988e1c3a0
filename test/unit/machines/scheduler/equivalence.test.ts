import { expect, test } from 'vitest'
import { bindingCycle } from '../../../../machines/scheduler/binding-cycle.ts'
import { eviction } from '../../../../machines/scheduler/eviction.ts'
import { scheduler } from '../../../../machines/scheduler/scheduler.ts'
import { lint } from '../../../../runtime/lint.ts'
import { equivalent } from '../../../kit/equivalence.ts'
import { became, listed, node, pod } from './cluster.ts'

const clients = { apiserver: 'kube-apiserver/cp', user: { name: 'u', groups: [] }, recorder: 'event-recorder/cp/x' }
const big = { spec: { containers: [{ name: 'main', resources: { requests: { cpu: '9' } } }] } } as object
const full = [{ name: 'main', resources: { requests: { cpu: '4' } } }]
const answers = [
  { type: 'api.answered', code: 201 },
  { type: 'api.answered', code: 409 },
  { type: 'call.lost', line: 'binding', reason: 'reset' },
]

test('the charts are in order', () => {
  expect([lint(scheduler), lint(bindingCycle), lint(eviction)]).toEqual([[], [], []])
})
test('compiled, they do the same', () => {
  const events = [
    ...listed({ nodes: [node('a'), node('b')], pods: [pod('web'), pod('big', big)] }),
    became('pods', undefined, pod('late')),
    became('pods', pod('late'), undefined),
    became('nodes', node('b'), undefined),
    { type: 'binding.finished', key: 'default/web', uid: 'uid-web', bound: false },
    became('pods', undefined, pod('high', { spec: { priority: 9, containers: full } } as object)),
    { type: 'eviction.finished', key: 'default/web', error: undefined },
    { type: 'eviction.finished', key: 'default/web', error: 'no' },
    { type: 'volumes.wanted', key: 'default/web', node: 'a', volumes: [], claims: [] },
    ...answers,
  ]
  equivalent(scheduler, { inputs: [clients], events }, { walks: 20, steps: 40 })
  const input = { ...clients, pod: pod('web'), key: 'default/web', node: 'a', scheduler: 'scheduler/cp', waitMs: 0 }
  equivalent(bindingCycle, { inputs: [input], events: answers }, { walks: 20, steps: 10 })
  const victim = {
    ...clients,
    victim: pod('low'),
    key: 'default/low',
    preemptor: pod('high'),
    node: 'a',
    scheduler: 'scheduler/cp',
    turns: [0, 0],
  }
  equivalent(eviction, { inputs: [victim], events: answers }, { walks: 20, steps: 10 })
})
