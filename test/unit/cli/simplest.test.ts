import { expect, test } from 'vitest'
import { playedHere } from '../../../cli/setting.ts'
import { simplest } from '../../../cli/simplest.ts'
import { afflict, disturb, type Struck } from '../../../machines/cluster/disturb.ts'
import { type Cluster, type Scenario, scenario } from '../../../machines/index.ts'

const map = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } })
const found = (story: Scenario, seed: number) => {
  let struck: readonly Struck[] = []
  const before = (cluster: Cluster): void => {
    struck = disturb(cluster, { kinds: ['reset'], everyMs: 2_000, untilMs: 60_000 })
  }
  const loaded = { ...story, file: 'story.ts' }
  const played = { ...playedHere(loaded, {}, { seed, before }), struck }
  return simplest(loaded, {}, played, {})
}

test('of what a story did only what breaks it is left, at its own time', () => {
  const story = scenario('a shelf', { nodes: 0 }, ({ apply, run, always, cluster }) => {
    always(
      'a map never lies alone with the third',
      () => cluster.object('cm', 'map-3') === undefined || cluster.now < 12_000,
    )
    for (let i = 0; i < 6; i++) {
      apply(map(`map-${i}`))
      run('3s')
    }
  })
  const failure = found(story, 9)
  expect(failure.broken).toEqual([expect.stringMatching(/^always: a map never lies alone/)])
  expect(failure).toMatchObject({ foundAt: 9, seed: 1, faults: [], done: 1 })
  expect(failure.doings).toBeGreaterThan(4)
  expect(failure.struck).toBeGreaterThan(0)
})

const struckBy = (story: Scenario, fault: Struck) => {
  const loaded = { ...story, file: 'story.ts' }
  const played = playedHere(loaded, {}, { seed: 1, before: (cluster) => afflict(cluster, [fault]) })
  return simplest(loaded, {}, { ...played, struck: [fault] }, {})
}
const has = (cluster: Cluster, name: string): boolean => cluster.object('cm', name) !== undefined
const CRASH: Struck = {
  ...{ at: 12_000, kind: 'crash', on: 'kube-apiserver/cp-1', other: '', until: undefined },
  words: 'crash kube-apiserver/cp-1',
}
const CUT: Struck = { at: 12_000, kind: 'cut', on: 'cp-1', other: 'lb', until: 60_000, words: 'cut cp-1 from lb' }

test('what is waited for is not left out, though without it one waits in vain, too', () => {
  const story = scenario('a shelf to be filled', { nodes: 0 }, ({ apply, run, runUntil, kubectl }) => {
    apply(map('first'))
    apply(map('other'))
    run('10s')
    const object = { resource: 'configmaps', object: map('second') }
    kubectl.start({ command: 'apply', objects: [object] })
    runUntil((cluster) => has(cluster, 'first') && has(cluster, 'second'), { within: '5s' })
  })
  const failure = struckBy(story, CUT)
  expect(failure.broken).toEqual([expect.stringMatching(/^not within 5s/)])
  expect(failure).toMatchObject({ faults: [CUT], doings: 5, done: 3 })
})

test('what an always is about is not left out, though without it that does not hold, either', () => {
  const story = scenario('a shelf behind a counter', { nodes: 0 }, ({ apply, run, always, cluster }) => {
    const isOpen = (): boolean => cluster.world.snapshot('kube-apiserver/cp-1') !== undefined
    apply(map('first'))
    apply(map('other'))
    always('the first can be had', () => has(cluster, 'first') && isOpen())
    run('10s')
  })
  expect(struckBy(story, CRASH)).toMatchObject({ faults: [CRASH], doings: 3, done: 2 })
})

test('an always that needs no fault breaks no sooner than it did', () => {
  const story = scenario('a shelf that is cleared', { nodes: 0 }, ({ apply, run, always, cluster, kubectl }) => {
    apply(map('first'))
    apply(map('other'))
    always('the first can be had', () => has(cluster, 'first'))
    run('10s')
    kubectl.delete('cm/first')
  })
  expect(struckBy(story, CRASH)).toMatchObject({ faults: [], doings: 4, done: 2 })
})

test('what breaks in another way is another failure', () => {
  const story = scenario('two promises', { nodes: 0 }, ({ apply, run, runUntil, cluster }) => {
    apply(map('first'))
    run('1s')
    runUntil(() => cluster.object('cm', 'second') !== undefined, { within: '2s' })
  })
  const failure = found(story, 1)
  expect(failure.broken).toEqual([expect.stringMatching(/^not within 2s/)])
  // What a wait is about nobody knows: where it is in vain in fine weather, only other waits are left out.
  expect(failure.done).toBe(2)
})
