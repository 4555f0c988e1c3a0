import { describe, expect, test } from 'vitest'
import { bindingCycle } from '../../../../machines/scheduler/binding-cycle.ts'
import { born, expectWhole } from '../../../kit/chart.ts'
import { pod } from './cluster.ts'

const input = {
  pod: pod('web'),
  key: 'default/web',
  node: 'node-1',
  scheduler: 'scheduler/cp',
  apiserver: 'kube-apiserver/cp',
  user: { name: 'system:kube-scheduler', groups: [] },
  recorder: 'event-recorder/cp/kube-scheduler',
  waitMs: 20,
}
const binding = () => born(bindingCycle, input, 'binding-cycle/cp/default/web').after('client rate limit')
const answered = (code: number) => ({ type: 'api.answered', code })
const lost = (line: string) => ({ type: 'call.lost', line, reason: 'reset' })
const conflict = {
  type: 'api.answered',
  code: 409,
  status: {
    message: 'Operation cannot be fulfilled on pods/binding "web": pod web is already assigned to node "node-2"',
  },
}

describe('the binding cycle', () => {
  test('waits its turn, then asks the API server', () => {
    expect(born(bindingCycle, input).state).toBe('preBinding')
    expect(binding().did('call')[0]).toMatchObject({
      to: 'kube-apiserver/cp',
      event: {
        verb: 'create',
        resource: 'pods',
        subresource: 'binding',
        namespace: 'default',
        name: 'web',
        body: { kind: 'Binding', metadata: { uid: 'uid-web' }, target: { kind: 'Node', name: 'node-1' } },
      },
    })
  })
  test('tells the scheduler and the world that the pod is bound', () => {
    const bound = binding().on(answered(201))
    expect([bound.state, bound.done]).toEqual(['bound', true])
    expect(bound.did('send').map(({ event }) => event)).toMatchObject([
      { type: 'binding.finished', key: 'default/web', uid: 'uid-web', bound: true },
      { reason: 'Scheduled', message: 'Successfully assigned default/web to node-1' },
    ])
  })
  test('gives up when the API server refuses, and says why', () => {
    const refused = binding().on(conflict)
    expect(refused.state).toBe('reportingFailure')
    expect(refused.did('send').map(({ event }) => event)).toMatchObject([
      { type: 'binding.finished', bound: false },
      { reason: 'FailedScheduling', message: `running Bind plugin "DefaultBinder": ${conflict.status.message}` },
    ])
    expect(refused.did('call')[0]?.event).toMatchObject({ verb: 'patch', subresource: 'status' })
    expect(refused.context.failure.reason).toBe('SchedulerError')
  })
  test('gives up when nobody answers', () => {
    expect(binding().after('request timeout').context.failure.message).toMatch(/context deadline exceeded/)
    const broken = binding().on(lost('binding'))
    expect(broken.context.failure.message).toMatch(/connection reset/)
  })
  test('ends whether or not the condition could be written', () => {
    const refused = binding().on(answered(500))
    expect(refused.on(answered(200)).state).toBe('failed')
    expect(refused.on(lost('condition')).state).toBe('failed')
    expect(refused.after('request timeout').state).toBe('failed')
  })
})

expectWhole(bindingCycle)
