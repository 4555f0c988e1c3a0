/** The complete log of a run is the same to the byte for the same inputs, however it is run. */
import { beforeAll, expect, test } from 'vitest'
import { recordingIn, tokenOf } from '../../cli/token.ts'
import { type Cluster, type ClusterOptions, createCluster } from '../../machines/index.ts'
import { logLine } from '../../runtime/inspect/log.ts'
import { replay } from '../../runtime/record.ts'
import { digest, library, manifests, told } from './digest.ts'
import { SETTING, tell } from './story.ts'

let first: string
beforeAll(() => {
  first = told()
})

test('told twice, the story has the same log', () => {
  expect(told()).toBe(first)
})

test('another seed gives another log', () => {
  expect(told({ options: { seed: 8 } })).not.toBe(first)
})

test('the size of the steps in which time passes leaves no trace', () => {
  expect(told({ pieces: 97 })).toBe(first)
})

test('stepped by XState, the story has the same log', () => {
  expect(told({ options: { interpreted: true } })).toBe(first)
})

test('a replay from the token has the same log', () => {
  const original = tell(library, manifests, { line: () => undefined })
  const token = tokenOf({ ...original.recording, setting: SETTING })
  const recording = recordingIn(token)
  const cluster = createCluster(recording.setting as typeof SETTING)
  const { line, hex } = digest()
  cluster.world.observe((record) => line(logLine(record)))
  replay(cluster.world, recording)
  expect(hex()).toBe(first)
})

test('what a fork does leaves no trace in the original', () => {
  const { line, hex } = digest()
  let lines = 0
  let cluster: Cluster | undefined
  const watched = {
    ...library,
    createCluster: (options: Partial<ClusterOptions> = {}) => {
      cluster = createCluster(options)
      return cluster
    },
  }
  tell(watched, manifests, {
    line: (text) => {
      line(text)
      if (++lines % 1_500 === 0) cluster?.fork().run('20s')
    },
  })
  expect(hex()).toBe(first)
})
