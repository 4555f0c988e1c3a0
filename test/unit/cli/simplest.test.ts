import { expect, test } from 'vitest'
import { playedHere } from '../../../cli/setting.ts'
import { simplest } from '../../../cli/simplest.ts'
import { disturb, type Struck } from '../../../machines/cluster/disturb.ts'
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

test('what breaks in another way is another failure', () => {
  const story = scenario('two promises', { nodes: 0 }, ({ apply, run, runUntil, cluster }) => {
    apply(map('first'))
    run('1s')
    runUntil(() => cluster.object('cm', 'second') !== undefined, { within: '2s' })
  })
  const failure = found(story, 1)
  expect(failure.broken).toEqual([expect.stringMatching(/^not within 2s/)])
  expect(failure.done).toBe(1)
})
