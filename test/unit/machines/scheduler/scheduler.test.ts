import { describe, expect, test } from 'vitest'
import type { BindingCycleInput } from '../../../../machines/scheduler/binding-cycle.ts'
import { DEFAULT_PROFILE } from '../../../../machines/scheduler/profile.ts'
import { scheduler } from '../../../../machines/scheduler/scheduler.ts'
import { born, expectWhole } from '../../../kit/chart.ts'
import { became, changedTo, listed, node, pod } from './cluster.ts'

const START = 86_400_000
const input = {
  apiserver: 'kube-apiserver/cp',
  user: { name: 'system:kube-scheduler', groups: [] },
  recorder: 'event-recorder/cp/kube-scheduler',
}
const newborn = (more: object = {}) => born(scheduler, { ...input, ...more }, 'scheduler/cp')
type Scheduler = ReturnType<typeof newborn>

/** A scheduler that knows these nodes and pods, and has the first pod in hand. */
function knowing(
  nodes: readonly object[],
  pods: readonly object[],
  more: object = {},
  others: Readonly<Record<string, readonly object[]>> = {},
): Scheduler {
  return listed({ nodes, pods, ...others }).reduce((chart, event) => chart.on(event), newborn(more))
}
/** Of the three regions, the one that begins with this. */
const region = ({ state }: Scheduler, name: string) => state.split(', ').find((part) => part.startsWith(name))
const loop = (chart: Scheduler) => region(chart, 'loop')
const big = { spec: { containers: [{ name: 'main', resources: { requests: { cpu: '9' } } }] } }
const events = (chart: Scheduler) =>
  chart.did('send').map(({ event }) => (event as unknown as { message: string }).message)
const inputOf = (chart: Scheduler) => chart.did('spawn')[0]?.input as BindingCycleInput
const answered = (code: number) => ({ type: 'api.answered', code })
const lost = { type: 'call.lost', line: 'condition', reason: 'reset' }

describe('the scheduling loop', () => {
  test('decides nothing before every cache is filled', () => {
    const chart = newborn().on(changedTo('pods', [pod('web')]))
    expect(loop(chart)).toBe('loop.waitingForCaches')
    expect(loop(knowing([], []))).toBe('loop.idle')
  })
  test('counts a pod on its node and starts a binding cycle', () => {
    const chart = knowing([node('node-1')], [pod('web')])
    expect(loop(chart)).toBe('loop.scheduling.attempting')
    const after = chart.after('scheduling attempt')
    expect(loop(after)).toBe('loop.idle')
    expect(after.did('spawn')).toMatchObject([
      {
        address: 'binding-cycle/cp/default/web',
        machine: 'binding-cycle',
        input: { node: 'node-1', key: 'default/web', waitMs: 0 },
      },
    ])
    expect(after.context.cache.placed.get('default/web')).toMatchObject({ node: 'node-1', assumed: true })
    expect(after.context.attempt).toBeUndefined()
  })
  test('goes on with the next pod, which sees the first one counted', () => {
    const three = { spec: { containers: [{ name: 'main', resources: { requests: { cpu: '3' } } }] } }
    const chart = knowing([node('node-1'), node('node-2')], [pod('a', three), pod('b', three)])
    const first = chart.after('scheduling attempt')
    const second = first.after('scheduling attempt')
    const nodes = [first, second].map((one) => inputOf(one).node)
    expect(nodes.sort()).toEqual(['node-1', 'node-2'])
  })
  test('takes the higher priority first', () => {
    const chart = knowing([node('node-1')], [pod('low'), pod('high', { spec: { priority: 10 } })])
    expect(chart.context.attempt?.key).toBe('default/high')
    expect(chart.after('scheduling attempt').context.attempt?.key).toBe('default/low')
  })
  test('leaves pods of other schedulers alone', () => {
    const chart = knowing([node('node-1')], [pod('web', { spec: { schedulerName: 'mine' } })])
    expect(loop(chart)).toBe('loop.idle')
    const mine = knowing([node('node-1')], [pod('web', { spec: { schedulerName: 'mine' } })], {
      profile: { schedulerName: 'mine' },
    })
    expect(loop(mine)).toBe('loop.scheduling.attempting')
  })
  test('drops a pod that was deleted or bound by somebody else meanwhile', () => {
    const chart = knowing([node('node-1')], [pod('web')])
    const deleted = chart.on(became('pods', pod('web'), undefined)).after('scheduling attempt')
    expect([loop(deleted), deleted.did('spawn').length]).toEqual(['loop.idle', 0])
    const bound = chart
      .on(became('pods', pod('web'), pod('web', { spec: { nodeName: 'node-1' } })))
      .after('scheduling attempt')
    expect([loop(bound), bound.did('spawn').length, bound.context.queue.pods.size]).toEqual(['loop.idle', 0, 0])
  })
  test('does not place a pod that is being deleted', () => {
    const dying = pod('web', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } })
    const after = knowing([node('node-1')], [dying]).after('scheduling attempt')
    expect(loop(after)).toBe('loop.idle')
    expect(events(after)).toEqual(['skip schedule deleting pod: default/web'])
    expect(after.context.queue.pods.size).toBe(0)
  })
  test('asks nothing of a pod with scheduling gates until the last one is gone', () => {
    const gated = pod('web', { spec: { schedulingGates: [{ name: 'example.com/quota' }] } })
    const chart = knowing([node('node-1')], [gated])
    expect(loop(chart)).toBe('loop.idle')
    expect(chart.context.queue.pods.get('default/web')?.lane).toBe('gated')
    expect(loop(chart.on(became('pods', gated, pod('web'))))).toBe('loop.scheduling.attempting')
  })
})

describe('a pod that fits nowhere', () => {
  const failed = () => knowing([node('node-1')], [pod('web', big)]).after('scheduling attempt')
  const MESSAGE =
    '0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.'
  test('is told why in an Event and in its condition', () => {
    const chart = failed()
    expect(loop(chart)).toBe('loop.scheduling.waitingForClient')
    expect(events(chart)).toEqual([MESSAGE])
    const reporting = chart.after('client rate limit')
    expect(loop(reporting)).toBe('loop.scheduling.reportingFailure')
    expect(reporting.did('call')[0]?.event).toMatchObject({
      verb: 'patch',
      resource: 'pods',
      subresource: 'status',
      name: 'web',
      body: {
        status: {
          conditions: [
            {
              type: 'PodScheduled',
              status: 'False',
              reason: 'Unschedulable',
              message: MESSAGE,
              lastTransitionTime: '1970-01-02T00:00:00Z',
            },
          ],
        },
      },
    })
  })
  test('holds the loop up until the condition is written, or cannot be', () => {
    const reporting = failed().after('client rate limit')
    expect(loop(reporting.on(answered(200)))).toBe('loop.idle')
    expect(loop(reporting.on(lost))).toBe('loop.idle')
    expect(loop(reporting.after('request timeout'))).toBe('loop.idle')
  })
  test('does not get the same condition twice', () => {
    const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: MESSAGE }
    const told = pod('web', { ...big, status: { conditions: [condition] } } as object)
    const chart = knowing([node('node-1')], [told]).after('scheduling attempt')
    expect([loop(chart), events(chart)]).toEqual(['loop.idle', [MESSAGE]])
  })
  test('is tried again when a node comes on which it may fit, after its back-off', () => {
    const waiting = failed().after('client rate limit').on(answered(200))
    expect(waiting.context.queue.unschedulable.values()).toEqual(['default/web'])
    const soon = waiting.on(became('nodes', undefined, node('node-2', roomy)), { at: START + 200 })
    expect(region(soon, 'backOffQueue')).toBe('backOffQueue.ticking')
    const early = soon.after('back-off flush', { at: START + 500 })
    expect(region(early, 'backOffQueue')).toBe('backOffQueue.ticking')
    const over = soon.after('back-off flush', { at: START + 1_000 })
    expect(loop(over)).toBe('loop.scheduling.attempting')
    const late = waiting.on(became('nodes', undefined, node('node-2', roomy)), { at: START + 1_200 })
    expect(loop(late)).toBe('loop.scheduling.attempting')
  })
  test('is tried again without a reason after five minutes', () => {
    const waiting = failed().after('client rate limit').on(answered(200))
    expect(region(waiting, 'unschedulablePods')).toBe('unschedulablePods.ticking')
    const early = waiting.after('flush of unschedulable pods', { at: START + 300_000 })
    expect(region(early, 'unschedulablePods')).toBe('unschedulablePods.ticking')
    expect(loop(waiting.after('flush of unschedulable pods', { at: START + 330_000 }))).toBe(
      'loop.scheduling.attempting',
    )
  })
  test('backs off when there is no node at all', () => {
    const chart = knowing([], [pod('web')]).after('scheduling attempt')
    expect(events(chart)).toEqual(['no nodes available to schedule pods'])
    expect(chart.context.queue.pods.get('default/web')?.lane).toBe('backingOff')
  })
  test('may be rejected before any node is looked at', () => {
    const names = (...values: string[]) => ({ key: 'metadata.name', operator: 'In', values })
    const terms = [{ matchFields: [names('a'), names('b')] }]
    const torn = {
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } },
    }
    const chart = knowing([node('node-1')], [pod('web', { spec: { affinity: torn } } as object)])
    expect(events(chart.after('scheduling attempt'))).toEqual([
      '0/1 nodes are available: pod affinity terms conflict. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
    ])
  })
  test('or fail a plugin', () => {
    const term = { matchExpressions: [{ key: 'gen', operator: 'Gt', values: ['-1'] }] }
    const preferred = { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: term }] }
    const odd = pod('web', { spec: { affinity: { nodeAffinity: preferred } } } as object)
    const chart = knowing([node('node-1'), node('node-2')], [odd]).after('scheduling attempt')
    expect(chart.context.attempt?.failure?.reason).toBe('SchedulerError')
    expect(events(chart)[0]).toMatch(/^running PreScore plugin "NodeAffinity": \[0\]\.matchExpressions\[0\]/)
    expect(chart.context.queue.pods.get('default/web')?.lane).toBe('backingOff')
  })
})
const roomy = { status: { allocatable: { cpu: '16', memory: '8Gi', pods: '110' } } } as object

describe('a pod that matters more', () => {
  const low = (name: string, more: object = {}) =>
    pod(name, { spec: { nodeName: 'node-1', containers: main('2') }, ...more } as object)
  const main = (cpu: string) => [{ name: 'main', resources: { requests: { cpu } } }]
  const high = pod('high', { spec: { priority: 10, containers: main('4') } } as object)
  const preempting = (pods: readonly object[] = [], others: Readonly<Record<string, readonly object[]>> = {}) =>
    knowing([node('node-1')], [low('low-1'), low('low-2'), high, ...pods], {}, others).after('scheduling attempt')
  const evicted = (key: string, error?: string) => ({ type: 'eviction.finished', key: `default/${key}`, error })
  const over = (chart: Scheduler) => chart.on(evicted('low-1')).on(evicted('low-2'))

  test('has all its victims evicted at once, as fast as the client may', () => {
    const chart = preempting()
    expect(loop(chart)).toBe('loop.scheduling.preempting.evicting')
    expect(chart.did('spawn').map(({ address, input }) => [address, (input as { turns: number[] }).turns])).toEqual([
      ['eviction/cp/default/low-1', [START, START]],
      ['eviction/cp/default/low-2', [START, START]],
    ])
    expect(loop(chart.on(evicted('low-1')))).toBe('loop.scheduling.preempting.evicting')
  })
  test('is nominated to their node, in its status and at once in memory', () => {
    const chart = over(preempting())
    expect(loop(chart)).toBe('loop.scheduling.waitingForClient')
    expect(events(chart)).toEqual(['0/1 nodes are available: 1 Insufficient cpu.'])
    expect(chart.context.cache.nominations.nodes.get('default/high')).toBe('node-1')
    expect(chart.after('client rate limit').did('call')[0]?.event).toMatchObject({
      body: { status: { nominatedNodeName: 'node-1', conditions: [{ reason: 'Unschedulable' }] } },
    })
  })
  test('takes its place when they are gone, tried first of all nodes', () => {
    const nominee = { ...high, status: { nominatedNodeName: 'node-1' } }
    const waiting = over(preempting())
      .after('client rate limit')
      .on(answered(200))
      .on(became('pods', high, nominee))
    const free = waiting
      .on(became('pods', low('low-1'), undefined), { at: START + 2_000 })
      .on(became('pods', low('low-2'), undefined), { at: START + 2_000 })
    const bound = free.after('scheduling attempt')
    expect(inputOf(bound)).toMatchObject({ key: 'default/high', node: 'node-1' })
    expect(bound.context.cache.nominations.nodes.size).toBe(0)
  })
  test('hears of a victim that was gone before the attempt was over', () => {
    const soon = preempting().on(became('pods', low('low-1'), undefined))
    expect(over(soon).context.queue.pods.get('default/high')?.lane).toBe('backingOff')
    expect(over(preempting()).context.queue.pods.get('default/high')?.lane).toBe('unschedulable')
    const labelled = { ...high, metadata: { ...high.metadata, labels: { a: 'b' } } }
    expect(over(preempting().on(became('pods', high, labelled))).context.attempt?.since).toHaveLength(1)
  })
  test('that is deleted meanwhile is not queued again', () => {
    const gone = over(preempting().on(became('pods', high, undefined)))
    expect([gone.context.queue.pods.size, gone.context.cache.nominations.nodes.size]).toEqual([0, 0])
  })
  test('keeps who is there when one cannot be evicted', () => {
    const chart = preempting().on(evicted('low-1', 'not allowed')).on(evicted('low-2', 'nor this'))
    expect(events(chart)).toEqual(['0/1 nodes are available: 1 Insufficient cpu. preemption: not allowed'])
    expect(chart.context.cache.nominations.nodes.size).toBe(0)
  })
  test('takes the nominations of lesser pods away', () => {
    const nominee = pod('mid', {
      spec: { priority: 5, containers: main('4') },
      status: { nominatedNodeName: 'node-1' },
    } as object)
    const chart = over(preempting([nominee]))
    expect(loop(chart)).toBe('loop.scheduling.preempting.waitingForClient')
    const clearing = chart.after('client rate limit')
    expect(clearing.did('call')[0]?.event).toMatchObject({ name: 'mid', body: { status: { nominatedNodeName: null } } })
    expect(loop(clearing.on(answered(200)))).toBe('loop.scheduling.waitingForClient')
    expect(loop(clearing.on(lost))).toBe('loop.scheduling.waitingForClient')
    expect(loop(clearing.after('request timeout'))).toBe('loop.scheduling.waitingForClient')
  })
  test('that nothing can help any more gives its own nomination back', () => {
    const cordoned = { ...node('node-1'), spec: { unschedulable: true } }
    const chart = knowing([cordoned], [{ ...high, status: { nominatedNodeName: 'node-1' } }]).after(
      'scheduling attempt',
    )
    expect(chart.after('client rate limit').did('call')[0]?.event).toMatchObject({ name: 'high' })
    expect(chart.context.attempt?.nominate).toBe('')
  })
})

describe('volumes', () => {
  const claim = (name: string, more: object = {}) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: 'default', uid: name, resourceVersion: '5' },
    spec: { storageClassName: 'late', resources: { requests: { storage: '1Gi' } } },
    ...more,
  })
  const late = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'late' },
    provisioner: 'csi.example.com',
    volumeBindingMode: 'WaitForFirstConsumer',
  }
  const user = pod('web', {
    spec: { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] },
  } as object)
  const storage = { persistentvolumeclaims: [claim('data')], 'storageclasses.storage.k8s.io': [late] }

  test('are told the node, and count as bound there from then on', () => {
    const chart = knowing([node('node-1')], [user], {}, storage).after('scheduling attempt')
    expect(inputOf(chart)).toMatchObject({
      bindTimeoutMs: 600_000,
      writes: {
        volumes: [],
        claims: [{ metadata: { annotations: { 'volume.kubernetes.io/selected-node': 'node-1' } } }],
      },
    })
    expect(chart.context.cache.storage.assumed.claims.keys()).toEqual(['default/data'])
    const given = chart.on({ type: 'binding.finished', key: 'default/web', uid: 'uid-web', bound: false })
    expect(given.context.cache.storage.assumed.claims.size).toBe(0)
  })
  test('are looked up for the binding cycle that waits for them', () => {
    const chart = knowing([node('node-1')], [user], {}, storage)
    const wanted = { type: 'volumes.wanted', key: 'default/web', node: 'node-1', volumes: [], claims: ['default/data'] }
    const answer = (event: object) =>
      chart.on(event as never, { from: 'binding-cycle/cp/default/web', call: 7 }).did('answer')[0]
    expect(answer(wanted)).toMatchObject({
      to: 'binding-cycle/cp/default/web',
      call: 7,
      event: {
        type: 'volumes.told',
        claims: [{ metadata: { name: 'data' } }],
        podIsThere: true,
        node: { name: 'node-1' },
      },
    })
    expect(answer({ ...wanted, node: 'x', key: 'default/x' })?.event).toMatchObject({
      podIsThere: false,
      node: undefined,
    })
  })
  test('that are not understood fail the attempt', () => {
    const { volumeBindingMode: _, ...odd } = late
    const known = { ...storage, 'storageclasses.storage.k8s.io': [odd] }
    expect(events(knowing([node('node-1')], [user], {}, known).after('scheduling attempt'))).toEqual([
      'running PreFilter plugin "VolumeBinding": VolumeBindingMode not set for StorageClass "late"',
    ])
  })
  test('of others that belong to nobody fail it, too', () => {
    const volumes = [{ name: 'x', ephemeral: {} }]
    const other = pod('other', { spec: { nodeName: 'node-1', volumes } } as object)
    const known = {
      ...storage,
      persistentvolumeclaims: [claim('data'), claim('other-x')],
      'csinodes.storage.k8s.io': [
        { metadata: { name: 'node-1' }, spec: { drivers: [{ name: 'csi.example.com', allocatable: { count: 1 } }] } },
      ],
    }
    const chart = knowing([node('node-1')], [other, user], {}, known).after('scheduling attempt')
    expect(events(chart)).toEqual([
      'running "NodeVolumeLimits" filter plugin: PVC default/other-x was not created for pod default/other (pod is not owner)',
    ])
    expect(chart.context.queue.pods.get('default/web')?.lane).toBe('backingOff')
  })
})

describe('after the binding cycle', () => {
  const assumed = () => knowing([node('node-1')], [pod('web')]).after('scheduling attempt')
  const finished = (bound: boolean, uid = 'uid-web') => ({ type: 'binding.finished', key: 'default/web', uid, bound })
  test('a bound pod leaves the queue and stays counted', () => {
    const chart = assumed().on(finished(true))
    expect(chart.context.queue.pods.size).toBe(0)
    expect(chart.context.cache.placed.has('default/web')).toBe(true)
    const seen = chart.on(became('pods', pod('web'), pod('web', { spec: { nodeName: 'node-1' } })))
    expect(seen.context.cache.placed.get('default/web')?.assumed).toBe(false)
    expect(seen.context.cache.nodes.get('node-1')?.requested.milliCpu).toBe(1_000)
  })
  test('a pod that was not bound gives its place up and backs off', () => {
    const chart = assumed().on(finished(false))
    expect(chart.context.cache.placed.size).toBe(0)
    expect(chart.context.cache.nodes.get('node-1')?.requested.milliCpu).toBe(0)
    expect(chart.context.queue.pods.get('default/web')?.lane).toBe('backingOff')
  })
  test('what is said of an earlier pod of the same name changes nothing', () => {
    const chart = assumed().on(finished(false, 'uid-of-old'))
    expect(chart.context.cache.placed.has('default/web')).toBe(true)
    expect(assumed().on(finished(true, 'uid-of-old')).context.queue.pods.size).toBe(1)
  })
  test('a new pod of the same name ends the cycle of the old one', () => {
    const again = pod('web', { metadata: { uid: 'uid-again' } })
    const chart = assumed()
      .on(became('pods', pod('web'), undefined))
      .on(became('pods', undefined, again))
    expect(loop(chart)).toBe('loop.scheduling.attempting')
    const after = chart.after('scheduling attempt')
    expect(after.context.cache.placed.get('default/web')?.info.pod.metadata.uid).toBe('uid-again')
    expect(after.did('stop')).toEqual([{ do: 'stop', address: 'binding-cycle/cp/default/web' }])
    expect(after.did('spawn')).toHaveLength(1)
  })
  test('the client holds back what is more than 100 at once and 50 a second', () => {
    const pods = ['a', 'b', 'c'].map((name) => pod(name))
    let chart = knowing([node('node-1', roomy)], pods, { client: { qps: 50, burst: 1 } })
    const waits: number[] = []
    for (const _ of pods) {
      chart = chart.after('scheduling attempt')
      waits.push(inputOf(chart).waitMs)
    }
    expect(waits).toEqual([0, 20, 40])
  })
})

describe('extenders', () => {
  const main = (cpu: string) => [{ name: 'main', resources: { requests: { cpu } } }]
  const extender = (verbs: object) => ({
    urlPrefix: 'http://outside',
    filterVerb: '',
    prioritizeVerb: '',
    preemptVerb: '',
    bindVerb: '',
    weight: 1,
    httpTimeoutMs: 5_000,
    nodeCacheCapable: true,
    managedResources: [],
    ignorable: false,
    ...verbs,
  })
  const asked = (verbs: object, pods: readonly object[] = [pod('web')]) =>
    knowing([node('a'), node('b')], pods, { extenders: [extender(verbs)] }).after('scheduling attempt')
  const heard = (round: object, error?: string) => ({ type: 'extenders.heard', round, error })
  const left = (...nodes: object[]) =>
    heard({ phase: 'filter', nodes, refused: { a: { code: 'Unschedulable', reason: 'not a' } } })

  test('say which of the nodes that fit they agree to', () => {
    const chart = asked({ filterVerb: 'filter' })
    expect(loop(chart)).toBe('loop.scheduling.filteringOutside')
    expect(chart.did('spawn')[0]).toMatchObject({
      address: 'extender-round/cp',
      input: { scheduler: 'scheduler/cp', round: { phase: 'filter', nodes: [{}, {}] } },
    })
    expect(inputOf(chart.on(left(node('b')))).node).toBe('b')
    expect(loop(chart.on(left(node('a'), node('b'))))).toBe('loop.idle')
  })
  test('may leave none: then anything that happens may help', () => {
    const chart = asked({ filterVerb: 'filter' }).on(left())
    expect(events(chart)[0]).toMatch(/^0\/2 nodes are available: 1 not a\./)
    expect(chart.context.attempt?.rejectedBy).toEqual(['Extender'])
    const waiting = chart.after('client rate limit').on(answered(200))
    const renamed = { ...node('b'), metadata: { ...node('b').metadata, labels: { some: 'label' } } }
    const helped = waiting.on(became('nodes', node('b'), renamed), { at: START + 2_000 })
    expect(helped.context.attempt?.key).toBe('default/web')
  })
  test('that fail, fail the attempt', () => {
    const chart = asked({ filterVerb: 'filter' }).on(heard({ phase: 'filter', nodes: [], refused: {} }, 'out of order'))
    expect(events(chart)).toEqual(['out of order'])
    expect(chart.context.queue.pods.get('default/web')?.lane).toBe('backingOff')
  })
  test('may refuse the node that a pod is nominated to: then the others are looked at', () => {
    const nominee = pod('web', { status: { nominatedNodeName: 'a' } } as object)
    const chart = asked({ filterVerb: 'filter' }, [nominee])
    expect(chart.did('spawn')[0]?.input).toMatchObject({ round: { nodes: [{ metadata: { name: 'a' } }] } })
    const again = chart.on(left())
    expect(again.did('spawn')[0]?.input).toMatchObject({ round: { nodes: [{}, {}] } })
    expect(inputOf(again.on(left(node('b')))).node).toBe('b')
  })
  test('add to the scores', () => {
    const chart = asked({ prioritizeVerb: 'prioritize' })
    expect(loop(chart)).toBe('loop.scheduling.scoring.askingExtenders')
    for (const name of ['a', 'b'])
      expect(inputOf(chart.on(heard({ phase: 'prioritize', scores: { [name]: 100 } }))).node).toBe(name)
  })
  test('may spare victims', () => {
    const lows = ['a', 'b'].map((on) => pod(`low-${on}`, { spec: { nodeName: on, containers: main('4') } } as object))
    const high = pod('high', { spec: { priority: 10, containers: main('4') } } as object)
    const chart = asked({ preemptVerb: 'preempt' }, [...lows, high])
    expect(loop(chart)).toBe('loop.scheduling.preempting.askingExtenders')
    expect(chart.did('spawn')[0]?.input).toMatchObject({ round: { victims: { a: { violations: 0 }, b: {} } } })
    const one = chart.on(heard({ phase: 'preempt', victims: { b: { pods: [lows[1]], violations: 0 } } }))
    expect(one.did('spawn').map(({ address }) => address)).toEqual(['eviction/cp/default/low-b'])
    const none = chart.on(heard({ phase: 'preempt', victims: {} }))
    expect(events(none)).toEqual([
      '0/2 nodes are available: 2 Insufficient cpu. preemption: no candidate node for preemption',
    ])
    const failed = chart.on(heard({ phase: 'preempt', victims: {} }, 'out of order'))
    expect(events(failed)[0]).toContain('preemption: out of order')
  })
  test('may bind', () => {
    expect(inputOf(asked({ bindVerb: 'bind' })).binder).toMatchObject({ bindVerb: 'bind' })
  })
  test('take what they are not asked for what it is', () => {
    const chart = asked({ prioritizeVerb: 'prioritize' })
    expect(loop(chart.on(heard({ phase: 'preempt', victims: {} })))).toBe('loop.idle')
  })
})

describe("a Permit plugin of one's own", () => {
  const profile = { ...DEFAULT_PROFILE, plugins: { ...DEFAULT_PROFILE.plugins, permit: [{ name: 'gang', weight: 0 }] } }
  const asked = () => knowing([node('a')], [pod('web')], { profiles: [profile] }).after('scheduling attempt')
  const answer = (verdict: string, more: object = {}) => ({ type: 'permit.answered', verdict, ...more })

  test('is asked once a node is reserved', () => {
    const chart = asked()
    expect(loop(chart)).toBe('loop.scheduling.permitting.asking')
    expect(chart.did('call')[0]).toMatchObject({
      to: 'permit-plugin/cp/gang',
      event: { type: 'permit.asked', node: 'a', waiter: 'binding-cycle/cp/default/web' },
    })
    expect(inputOf(chart.on(answer('allow'))).permits).toBeUndefined()
  })
  test('may let the pod wait beside the loop, 15 minutes at most', () => {
    const permits = (more: object) => inputOf(asked().on(answer('wait', more))).permits
    expect(permits({ timeoutMs: 5_000 })).toEqual([{ plugin: 'gang', timeoutMs: 5_000, until: START + 5_000 }])
    expect(permits({})).toEqual([{ plugin: 'gang', timeoutMs: 900_000, until: START + 900_000 }])
    expect(loop(asked().on(answer('wait')))).toBe('loop.idle')
  })
  test('may refuse it: the place is free again, and anything that happens may help', () => {
    const chart = asked().on(answer('reject', { message: 'the gang is not complete' }))
    expect(events(chart)).toEqual(['0/1 nodes are available: 1 the gang is not complete.'])
    expect([chart.context.cache.placed.size, chart.context.queue.pods.get('default/web')?.rejectedBy]).toEqual([
      0,
      ['Extender'],
    ])
  })
  test('that cannot be asked fails the attempt', () => {
    const gone = { type: 'call.lost', line: 'permit', reason: 'refused' }
    expect(events(asked().on(gone))).toEqual(['running Permit plugin "gang": connection refused'])
    expect(events(asked().after('request timeout'))).toEqual([
      'running Permit plugin "gang": context deadline exceeded',
    ])
  })
  test('and may change its mind: then only news may help the pod', () => {
    const waiting = asked().on(answer('wait'))
    const refused = {
      type: 'binding.finished',
      key: 'default/web',
      uid: 'uid-web',
      bound: false,
      refusedBy: ['Extender'],
    }
    expect(waiting.on(refused).context.queue.pods.get('default/web')?.lane).toBe('unschedulable')
  })
})

expectWhole(scheduler)
