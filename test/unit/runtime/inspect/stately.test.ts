import { describe, expect, test } from 'vitest'
import { spawn } from '../../../../runtime/contract.ts'
import { type Inspected, inspected, machinesOf } from '../../../../runtime/inspect/stately.ts'
import { EPOCH, Stage } from '../../../kit/worlds/puppets.ts'

function seen(act: (play: Stage) => unknown): readonly Inspected[] {
  const play = new Stage(['one/a', 'far/b'], { strict: false })
  const all: Inspected[] = []
  play.world.observe((record) => all.push(...inspected(record, machinesOf(play.world), EPOCH)))
  act(play)
  return all
}

describe('the Stately inspector', () => {
  test('is told of an actor with its chart, its parent and its first state', () => {
    const all = seen((play) => play.wait(5).tell('one/a', spawn('part/a', 'puppet', {})))
    const actor = all.find(({ type }) => type === '@xstate.actor')
    expect(actor).toMatchObject({
      sessionId: 'part/a',
      rootId: 'a',
      name: 'part/a',
      parentId: 'one/a',
      createdAt: String(EPOCH + 5),
      snapshot: { status: 'active', value: 'playing' },
    })
    const { definition } = actor as Extract<Inspected, { type: '@xstate.actor' }>
    expect(JSON.parse(definition ?? '')).toMatchObject({ id: 'puppet', initial: 'playing' })
  })

  test('is told of each event, from whom, and of the snapshot that follows', () => {
    const all = seen((play) => play.give('one/a', { type: 'hello' }))
    expect(all.map(({ type }) => type)).toEqual(['@xstate.event', '@xstate.snapshot'])
    expect(all[0]).toMatchObject({ sourceId: 'director/stage', sessionId: 'one/a', event: { type: 'hello' } })
    expect(new Set(all.map(({ id }) => id)).size).toBe(2)
  })

  test('is told of who started from outside, and of who crashed', () => {
    const all = seen((play) => {
      play.world.spawn('new/a', 'puppet', {})
      play.give('new/a', { type: 'fail' })
    })
    expect(all[0]).toMatchObject({ type: '@xstate.actor', parentId: undefined })
    expect(all.at(-1)).toMatchObject({ snapshot: { status: 'error', value: 'playing' } })
  })

  test('gets plain JSON', () => {
    const all = seen((play) => play.give('one/a', { type: 'hello' }))
    expect(JSON.parse(JSON.stringify(all))).toEqual(all)
  })
})
