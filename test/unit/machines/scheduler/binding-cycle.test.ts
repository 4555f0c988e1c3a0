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
    expect(born(bindingCycle, input).state).toBe('waitingForClient')
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

describe('volumes', () => {
  const meta = (name: string, resourceVersion: string, annotations: object = {}) => ({
    name,
    namespace: 'default',
    uid: name,
    resourceVersion,
    annotations,
  })
  const claimRef = { name: 'old', namespace: 'default', uid: 'old' }
  const volume = { kind: 'PersistentVolume', metadata: { name: 'pv', resourceVersion: '1' }, spec: { claimRef } }
  const bound = { 'pv.kubernetes.io/bind-completed': 'yes' }
  const here = { 'volume.kubernetes.io/selected-node': 'node-1' }
  const claim = { kind: 'PersistentVolumeClaim', metadata: meta('new', '1', here), spec: {} }
  const writes = { volumes: [volume], claims: [claim] }
  const writing = (more: object = {}) =>
    born(bindingCycle, { ...input, writes, ...more }, 'binding-cycle/cp/default/web')
  const wrote = (object: object, resourceVersion: string) => ({
    type: 'api.answered',
    code: 200,
    object: { ...object, metadata: { ...(object as typeof claim).metadata, resourceVersion } },
  })
  const waiting = (more: object = {}) => writing(more).on(wrote(volume, '7')).on(wrote(claim, '8'))
  const asking = (more: object = {}) => waiting(more).after('volume poll')
  const old = { kind: 'PersistentVolumeClaim', metadata: meta('old', '9', bound), spec: { volumeName: 'pv' } }
  const made = {
    kind: 'PersistentVolumeClaim',
    metadata: meta('new', '9', { ...here, ...bound }),
    spec: { volumeName: 'x' },
  }
  const told = (more: object = {}) => ({
    type: 'volumes.told',
    claims: [old, made],
    volumes: [
      { ...volume, metadata: { name: 'pv', resourceVersion: '7' } },
      { metadata: { name: 'x' }, spec: {} },
    ],
    node: { name: 'node-1', labels: {} },
    podIsThere: true,
    ...more,
  })

  test('are written one after the other, volumes first', () => {
    expect(writing().did('call')[0]?.event).toMatchObject({ verb: 'update', resource: 'persistentvolumes', name: 'pv' })
    const second = writing().on(wrote(volume, '7'))
    expect(second.did('call')[0]?.event).toMatchObject({
      verb: 'update',
      resource: 'persistentvolumeclaims',
      name: 'new',
    })
    expect(second.on(wrote(claim, '8')).state).toBe('preBinding.waitingForVolumes')
  })
  test('are waited for, looked at once a second', () => {
    expect(asking().did('call')[0]).toMatchObject({
      to: 'scheduler/cp',
      event: { type: 'volumes.wanted', volumes: ['pv'], claims: ['default/old', 'default/new'], key: 'default/web' },
    })
    const unbound = { ...made, spec: {} }
    expect(asking().on(told({ claims: [old, unbound] })).state).toBe('preBinding.waitingForVolumes')
    expect(asking().on(told()).state).toBe('waitingForClient')
  })
  test('that are not bound in time fail the pod', () => {
    const unbound = told({ claims: [old, { ...made, spec: {} }] })
    const late = asking({ bindTimeoutMs: 0 }).on(unbound)
    expect([late.state, late.context.failure.message]).toEqual([
      'reportingFailure',
      'running PreBind plugin "VolumeBinding": binding volumes: context deadline exceeded',
    ])
    expect(asking().on(told({ podIsThere: false })).context.failure.message).toBe(
      'running PreBind plugin "VolumeBinding": binding volumes: pod does not exist any more: pod "web" not found',
    )
  })
  test('that cannot be written, or asked for, fail it, too', () => {
    const message = (chart: ReturnType<typeof writing>) => chart.context.failure.message.split(': ').slice(1).join(': ')
    expect(message(writing().on(conflict))).toBe(conflict.status.message)
    expect(message(writing().on(answered(500)))).toBe('code 500')
    expect(message(writing().on(lost('volume')))).toBe('connection reset')
    expect(message(writing().after('request timeout'))).toBe('context deadline exceeded')
    expect(message(asking().on(lost('volumes')))).toBe('connection reset')
  })
})

describe('waiting on permit', () => {
  const START = 86_400_000
  const permits = ['one', 'two'].map((plugin, i) => ({ plugin, timeoutMs: 1_000, until: START + (i + 1) * 1_000 }))
  const waiting = () => born(bindingCycle, { ...input, permits }, 'binding-cycle/cp/default/web')
  const allowed = (plugin: string) => ({ type: 'permit.allowed', plugin })
  const message = (chart: ReturnType<typeof waiting>) => chart.context.failure.message

  test('lasts until everybody allowed it', () => {
    const one = waiting().on(allowed('two'))
    expect([waiting().state, one.state]).toEqual(['waitingOnPermit', 'waitingOnPermit'])
    expect(one.on(allowed('one')).state).toBe('waitingForClient')
  })
  test('ends when one refuses, or takes too long', () => {
    const refused = waiting().on({ type: 'permit.rejected', plugin: 'one', message: 'the gang fell apart' })
    expect([refused.state, message(refused)]).toEqual([
      'reportingFailure',
      '0/1 nodes are available: 1 the gang fell apart.',
    ])
    expect(refused.context.failure.reason).toBe('Unschedulable')
    expect(refused.did('send')[0]?.event).toMatchObject({ bound: false, refusedBy: ['Extender'] })
    expect(message(waiting().after('permit timeout', { at: START + 1_000 }))).toBe(
      '0/1 nodes are available: 1 rejected due to timeout after waiting 1s at plugin one.',
    )
  })
})

describe('an extender that binds', () => {
  const binder = { urlPrefix: 'http://outside', bindVerb: 'bind', httpTimeoutMs: 5_000 }
  const binding = () => born(bindingCycle, { ...input, binder }, 'binding-cycle/cp/default/web')
  const answered = (body: object) => ({ type: 'extender.answered', code: 200, body })

  test('is asked in place of the API server', () => {
    expect(binding().did('call')[0]).toMatchObject({
      to: 'extender/workstation/outside',
      event: { url: 'http://outside/bind', body: { PodName: 'web', Node: 'node-1' } },
    })
    expect(binding().on(answered({})).state).toBe('bound')
  })
  test('may not, or not answer', () => {
    expect(binding().on(answered({ Error: 'taken' })).context.failure.message).toBe('taken')
    expect(binding().on(lost('extender')).state).toBe('reportingFailure')
    expect(binding().after('extender timeout').state).toBe('reportingFailure')
  })
})

expectWhole(bindingCycle)
