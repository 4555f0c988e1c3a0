import { expect, test } from 'vitest'
import { scenariosIn } from '../../../cli/load.ts'
import { clusterOf, playedHere } from '../../../cli/setting.ts'
import { replay } from '../../../runtime/record.ts'

const FILE = 'docs/examples/scenarios/rollback.ts'

test('options are the setting of a plain cluster', async () => {
  expect((await clusterOf({ nodes: 1, seed: 3 })).world.seed).toBe(3)
})

test('a scenario is named by its file, with what the command line changed', async () => {
  const [scenario] = await scenariosIn(FILE)
  const { recording, cluster } = playedHere(scenario as NonNullable<typeof scenario>, { nodes: 3 }, { seed: 8 })
  const name = 'a version that crashes is taken back in the middle of its rollout'
  expect(recording.setting).toEqual({ scenario: { file: FILE, name }, options: { nodes: 3, seed: 8 } })
  const again = await clusterOf(JSON.parse(JSON.stringify(recording.setting)))
  replay(again.world, recording)
  expect([again.now, again.get('nodes')]).toEqual([cluster.now, cluster.get('nodes')])
})

test('a file or a scenario that is gone is told', async () => {
  const of = (file: string, name: string) => clusterOf({ scenario: { file, name }, options: {} })
  await expect(of('gone.ts', 'a')).rejects.toThrow('gone.ts: there is no such file')
  await expect(of(FILE, 'a')).rejects.toThrow(`${FILE}: has no scenario "a"; it has a version that crashes`)
})
