import { expect, test } from 'vitest'
import { setup } from 'xstate'
import { createCluster } from '../../../../machines/cluster/create.ts'
import { play, type Stage, scenario } from '../../../../machines/cluster/scenario.ts'
import { verbs } from '../../../../runtime/contract.ts'
import { replay } from '../../../../runtime/record.ts'

const OPTIONS = { nodes: 1 }
const played = (story: (stage: Stage) => void) => play(scenario('a story', OPTIONS, story))
const { ask } = verbs<object, { readonly type: 'go' }>()
const map = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } })

test('a story that comes out well has broken nothing', () => {
  const { broken, seen, cluster } = played(({ apply, always, eventually, sometimes, run }) => {
    always('there is a node', (c) => c.get('nodes').length === 1)
    sometimes('there is a map', (c) => c.object('cm', 'a') !== undefined)
    sometimes('there are two nodes', (c) => c.get('nodes').length === 2)
    eventually('there is a map in the end', (c) => c.object('cm', 'a') !== undefined)
    apply(map('a'))
    run('1s')
  })
  expect(broken).toEqual([])
  expect(seen).toEqual({ 'there is a map': true, 'there are two nodes': false })
  expect(cluster.object('cm', 'a')).toBeDefined()
})

test('an always that breaks ends the story there', () => {
  let after = false
  const { broken, broke, cluster } = played(({ apply, always, run }) => {
    always('there is no second map', (c) => c.object('cm', 'b') === undefined)
    apply([map('a'), map('b'), map('c')])
    run('1m')
    after = true
  })
  expect(broken).toEqual([expect.stringMatching(/^always: there is no second map \(broken at [\d.]+ ms\)$/)])
  expect(broke).toBe('always')
  expect(after).toBe(false)
  expect(cluster.object('cm', 'c')).toBeUndefined()
})

test('an eventually has time after the end, and is told when it never comes', () => {
  const late = ({ kubectl, eventually }: Stage): void => {
    kubectl.start({
      command: 'apply',
      objects: [{ resource: 'configmaps', object: { ...map('a'), metadata: { name: 'a', namespace: 'default' } } }],
    })
    eventually('it comes', (c) => c.object('cm', 'a', 'default') !== undefined, { within: '10s' })
  }
  expect(played(late).broken).toEqual([])
  const never = played(({ eventually }) =>
    eventually('it comes', (c) => c.object('cm', 'a') !== undefined, { within: '10s' }),
  )
  expect(never.broken).toEqual([expect.stringMatching(/^eventually: it comes \(not within 10s: /)])
})

test('what a story waits for in vain, what kubectl refuses, and a machine that throws are what broke', () => {
  const waits = played(({ runUntil }) => runUntil((c) => c.pod('a').ready, { within: '1s' }))
  expect(waits).toMatchObject({ broke: 'expectation', broken: [expect.stringMatching(/^not within 1s/)] })
  const refused = played(({ kubectl }) => kubectl.scale('deploy/web', 2))
  expect(refused).toMatchObject({ broke: 'expectation', broken: [expect.stringMatching(/not found/)] })
  const thrower = setup({
    types: { context: {} as object, events: {} as { readonly type: 'go' } },
    actions: {
      throw: ask(() => {
        throw new Error('never again')
      }),
    },
  }).createMachine({ id: 'thrower', initial: 'waiting', states: { waiting: { on: { go: { actions: 'throw' } } } } })
  const throws = play(
    scenario('a machine throws', { ...OPTIONS, machines: [thrower] }, ({ cluster, run }) => {
      cluster.world.operate({ op: 'spawn', address: 'thrower/workstation', machine: 'thrower', input: undefined })
      cluster.world.send('thrower/workstation', { type: 'go' })
      run('1s')
    }),
  )
  expect(throws.broken).toEqual([expect.stringMatching(/thrower.*crashed on go.*never again/)])
  expect(throws.broke).toBe('promise')
})

test("errors of the story itself are its author's", () => {
  expect(() =>
    played(() => {
      throw new TypeError('a typing mistake')
    }),
  ).toThrow(TypeError)
  expect(() => played(({ eventually }) => eventually('never', () => true, { within: 'soon' }))).toThrow(
    /is no duration/,
  )
})

test('a patient user tries again while the API is away', () => {
  const { broken, cluster } = played(({ faults, apply, patiently, kubectl }) => {
    faults.stop('kube-apiserver/cp-1')
    faults.start('kube-apiserver/cp-1')
    apply(map('a'))
    faults.crash('kube-apiserver/cp-1')
    patiently(() => kubectl.delete('cm/a'))
  })
  expect(broken).toEqual([])
  expect(cluster.object('cm', 'a')).toBeUndefined()
  const wrong = played(({ patiently, kubectl }) => patiently(() => kubectl.delete('cm/none')))
  expect(wrong.broken).toHaveLength(1)
  expect(wrong.cluster.now, 'what is refused is not tried again').toBeLessThan(60_000)
})

test('the recording of a play lives it again', () => {
  const { recording, cluster } = play(
    scenario('with a crash', OPTIONS, ({ apply, faults, run }) => {
      apply(map('a'))
      faults.crash('kubelet/node-1')
      run('20s')
    }),
    { seed: 9 },
  )
  const again = createCluster(recording.setting)
  replay(again.world, recording)
  expect(recording.seed).toBe(9)
  expect([again.now, again.world.counts]).toEqual([cluster.now, cluster.world.counts])
})

test('a play of what an earlier one did begins each thing no earlier, and leaves out what is not wanted', () => {
  const story = scenario('three maps', OPTIONS, ({ apply, run }) => {
    for (const name of ['a', 'b', 'c']) {
      apply(map(name))
      run('1s')
    }
  })
  const first = play(story)
  expect(first.begun).toHaveLength(6)
  expect([...first.waits]).toEqual([1, 3, 5])
  const again = play(story, { script: { without: new Set([0, 1, 3]), begin: first.begun.slice(0, 5) } })
  expect(['a', 'b', 'c'].map((name) => again.cluster.object('cm', name) !== undefined)).toEqual([false, true, true])
  expect(again.begun[2]).toBe(first.begun[2])
  expect(again.cluster.now).toBeGreaterThanOrEqual(first.begun[4] as number)
  expect(again.cluster.now, 'what came later is left out').toBeLessThan(first.cluster.now)
})

test('a step that breaks what its machine promises ends the story, unless nobody asks', () => {
  const frozen = scenario('a lie', OPTIONS, ({ cluster, run, apply }) => {
    apply(map('a'))
    const member = cluster.world.inside.actors.get('etcd/cp-1') as { snapshot: { context: object } }
    const { snapshot } = member
    cluster.world.inside.actors.set('etcd/cp-1', {
      ...(member as object),
      snapshot: { ...snapshot, context: { ...snapshot.context, applied: 9_999_999 } },
    } as never)
    run('30s')
  })
  const raft = /^always: raft keeps its five safety properties/
  expect(play(frozen)).toMatchObject({ broke: 'promise', broken: [expect.stringMatching(raft)] })
  expect(() => play(frozen, { invariants: false })).not.toThrow()
})

test('a cluster may be asked to settle in the end', () => {
  const broken = scenario('a pod that cannot be', OPTIONS, ({ apply }) => {
    apply({
      ...map('p'),
      kind: 'Pod',
      spec: { nodeSelector: { no: 'where' }, containers: [{ name: 'c', image: 'i' }] },
    } as never)
  })
  expect(play(broken).broken).toEqual([])
  const [first, second] = play(broken, { settles: true }).broken
  expect(first).toMatch(/^eventually: everything has come to what was asked/)
  expect(second).toBe('Pod default/p is not ready')
})
