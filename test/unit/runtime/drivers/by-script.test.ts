import { expect, test } from 'vitest'
import { byScript, scriptOf } from '../../../../runtime/drivers/by-script.ts'
import { fingerprint } from '../../../../runtime/explore/identity.ts'
import { explore } from '../../../../runtime/explore/search.ts'
import { counterWorld, requestWorld } from '../../../kit/worlds/start.ts'

test('a script says who goes next, line by line, and is at its end when the lines are', () => {
  const world = requestWorld()
  const next = byScript(['asker/a: xstate.after.time-out.asker.waiting', 'asker/a → server/b: asked'])
  expect([next(world), next(world), next(world)]).toEqual([true, true, false])
  expect(world.snapshot('asker/a')?.context).toEqual({ tries: 2 })
  expect(world.snapshot('server/b')?.context).toEqual({ answers: 1 })
})

test('a path that a search has found is taken again, faults too', () => {
  const question = {
    timing: 'any',
    faults: (world: ReturnType<typeof counterWorld>) =>
      world.isUp('b') ? [{ op: 'powerOff', host: 'b', kept: 0 } as const] : [],
    invariant: (world: ReturnType<typeof counterWorld>) =>
      world.snapshot('incrementer/a')?.value === 'cutOff' ? 'it is cut off' : undefined,
  } as const
  const { violation } = explore(counterWorld(), question)
  expect(violation?.sentence).toBe('it is cut off')
  const world = counterWorld()
  const next = byScript(scriptOf(violation?.path ?? []))
  while (next(world));
  expect(world.snapshot('incrementer/a')?.value).toBe('cutOff')
  expect(fingerprint(world, 'any')).toBe(fingerprint(violation?.world as typeof world, 'any'))
})

test('a line that is not possible is answered with what is', () => {
  expect(() => byScript(['pigs fly'])(requestWorld())).toThrow(
    '"pigs fly" is not possible here; possible are: asker/a → server/b: asked; asker/a: xstate.after.time-out.asker.waiting',
  )
})

test('where the clock binds, only what is due first is possible', () => {
  const script = ['asker/a: xstate.after.time-out.asker.waiting']
  expect(() => byScript(script, 'ordered')(requestWorld())).toThrow('possible are: asker/a → server/b: asked')
})
