import { describe, expect, test } from 'vitest'
import { replicaSetController } from '../../../../../machines/controllers/replicaset/controller.ts'
import type { Pod } from '../../../../../machines/protocol/objects.ts'
import { pod, replicaSet, viewOf } from './examples.ts'

const concerns = (was: Pod | undefined, now: Pod | undefined, set = replicaSet()) =>
  replicaSetController.concerns('pods', { key: 'default/a', was, now }, viewOf([set], []))

describe('a change of a pod', () => {
  test('concerns the set that controls it', () => {
    expect(concerns(undefined, pod('a'))).toEqual(['default/web'])
    expect(concerns(pod('a'), undefined)).toEqual(['default/web'])
    expect(concerns(pod('a', { ready: false }), pod('a'))).toEqual(['default/web'])
  })

  test('concerns nobody when nothing is different that a set looks at', () => {
    expect(concerns(pod('a', { node: '' }), pod('a', { node: 'node-1' }))).toEqual([])
  })

  test('concerns the set that lost it and those that may adopt it', () => {
    expect(concerns(pod('a'), pod('a', { owner: undefined }))).toEqual(['default/web', 'default/web'])
    expect(concerns(pod('a'), pod('a', { owner: undefined, labels: { app: 'x' } }))).toEqual(['default/web'])
    expect(concerns(undefined, pod('a', { owner: undefined, deleted: true }))).toEqual([])
  })

  test('concerns the set again after minReadySeconds and one more', () => {
    const set = replicaSet({ minReadySeconds: 3 })
    expect(concerns(pod('a', { ready: false }), pod('a'), set)).toEqual([
      'default/web',
      { key: 'default/web', afterMs: 4_000 },
    ])
  })
})

test('a change of a set concerns itself', () => {
  const delta = { key: 'default/web', was: undefined, now: replicaSet() }
  expect(replicaSetController.concerns('replicasets.apps', delta, viewOf([], []))).toEqual(['default/web'])
})
