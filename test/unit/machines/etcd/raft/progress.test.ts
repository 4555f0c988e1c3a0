import { describe, expect, test } from 'vitest'
import {
  acknowledged,
  heard,
  MAX_IN_FLIGHT,
  type Progress,
  paused,
  probing,
  refused,
  replicating,
  sent,
  snapshotting,
  supposed,
} from '../../../../../machines/etcd/raft/progress.ts'

describe('a follower that is probed', () => {
  test('is supposed to have everything, and gets one message at a time', () => {
    const progress = supposed(9)
    expect(progress).toMatchObject({ state: 'probe', match: 0, next: 10 })
    expect(paused(progress)).toBe(false)
    expect(paused(sent(progress, 10))).toBe(true)
    expect(paused(heard(sent(progress, 10)))).toBe(false)
  })
  test('is replicated to once it has agreed', () => {
    expect(acknowledged(supposed(9), 9)).toMatchObject({ state: 'replicate', match: 9, next: 10 })
    expect(acknowledged(supposed(9), 0)).toBeUndefined()
  })
  test('is gone back with as far as it hints, but not by an old refusal', () => {
    expect(refused(supposed(9), 9, 4)).toMatchObject({ next: 5, probeSent: false })
    expect(refused(supposed(9), 9, 12)).toMatchObject({ next: 9 })
    expect(refused(supposed(9), 9, -1)).toMatchObject({ next: 1 })
    expect(refused(supposed(9), 7, 4)).toBeUndefined()
  })
})

describe('a follower that is replicated to', () => {
  const progress = replicating({ ...supposed(9), match: 9 })
  test('is sent to ahead of its acknowledgements, up to a window', () => {
    const ahead = sent(sent(progress, 12), 15)
    expect(ahead).toMatchObject({ next: 16, inFlight: [12, 15] })
    expect(acknowledged(ahead, 12)).toMatchObject({ match: 12, next: 16, inFlight: [15] })
    let full: Progress = progress
    for (let i = 0; i < MAX_IN_FLIGHT; i++) full = sent(full, 10 + i)
    expect(paused(full)).toBe(true)
    expect(paused(heard(full))).toBe(false)
  })
  test('is probed after a refusal, unless that is old', () => {
    expect(refused(sent(progress, 12), 11, 3)).toMatchObject({ state: 'probe', next: 10, inFlight: [] })
    expect(refused(progress, 9, 3)).toBeUndefined()
  })
  test('that was heard already is the same when it is heard again', () => {
    const active = heard(progress)
    expect(active.recentlyActive).toBe(true)
    expect(heard(active)).toBe(active)
  })
})

describe('a follower that gets a snapshot', () => {
  const progress = snapshotting(supposed(9), 7)
  test('is sent nothing until it has it', () => {
    expect(paused(progress)).toBe(true)
    expect(acknowledged(progress, 5)).toMatchObject({ state: 'snapshot', match: 5 })
    expect(acknowledged(progress, 7)).toMatchObject({ state: 'replicate', next: 8 })
  })
  test('is probed behind it when it is not known whether it came', () => {
    expect(probing(progress)).toMatchObject({ state: 'probe', next: 8, pendingSnapshot: 0 })
    expect(probing(supposed(9))).toMatchObject({ next: 1 })
  })
})
