import { describe, expect, test } from 'vitest'
import { type Controller, supervisor } from '../../../../../machines/controllers/kit/controller.ts'
import type { Cache, ControllerInput, View } from '../../../../../machines/protocol/cache.ts'
import type { ApiObject } from '../../../../../machines/protocol/objects.ts'
import { Tree } from '../../../../../runtime/tree.ts'
import { born, expectWhole } from '../../../../kit/chart.ts'
import { event } from './replies.ts'

const controller: Controller = {
  name: 'widget',
  resource: 'widgets',
  object: 'widget',
  workers: 2,
  maxRetries: 3,
  caches: [{ resource: 'widgets' }, { resource: 'parts' }],
  concerns: (resource, { key, now }) =>
    resource === 'widgets' ? [key] : now === undefined ? [] : [{ key: now.metadata.name, afterMs: 1_000 }],
}
const machine = supervisor(controller)
const input: ControllerInput = {
  apiserver: 'kube-apiserver/cp-1',
  user: { name: 'widget-controller', groups: [] },
  recorder: 'event-recorder/cp-1/widget-controller',
  reflectors: 'reflector/cp-1/kube-controller-manager',
}
const object = (name: string): ApiObject => ({ apiVersion: 'v1', kind: 'Widget', metadata: { name } })
const cacheOf = (names: readonly string[]): Cache => ({
  view: '@1',
  resourceVersion: '1',
  objects: Tree.of(names.map((name) => [name, object(name)] as const)),
  by: {},
})
const filled = (resource: string, names: readonly string[] = []) => ({
  type: 'cache.changed',
  resource,
  cache: cacheOf(names),
  deltas: [],
  filled: true,
})
const changed = (resource: string, name: string, gone = false) => ({
  type: 'cache.changed',
  resource,
  cache: cacheOf(gone ? [] : [name]),
  deltas: [{ key: name, was: undefined, now: gone ? undefined : object(name) }],
  filled: false,
})
const finished = (key: string, outcome = 'done', againAfterMs?: number) => ({
  type: 'sync.finished',
  key,
  outcome,
  ...(againAfterMs === undefined ? {} : { againAfterMs }),
})
const running = (...names: string[]) =>
  born(machine, input, 'widget-controller/cp-1').on(filled('widgets', names)).on(filled('parts'))

describe('a controller', () => {
  test('does nothing until every cache is filled, then looks at everything with as many workers as it has', () => {
    const half = born(machine, input, 'widget-controller/cp-1').on(filled('widgets', ['a', 'b', 'c']))
    expect([half.state, half.asked]).toEqual(['waitingForCaches', []])
    const all = half.on(filled('parts'))
    expect(all.state).toBe('running')
    expect(all.did('spawn')).toMatchObject([
      {
        address: 'widget-controller/cp-1/a',
        machine: 'widget',
        input: { key: 'a', supervisor: 'widget-controller/cp-1' },
      },
      { address: 'widget-controller/cp-1/b' },
    ])
    expect(all.did('send').map(({ to, event }) => [to, event.type])).toEqual([
      ['widget-controller/cp-1/a', 'sync.requested'],
      ['widget-controller/cp-1/b', 'sync.requested'],
    ])
    expect(all.on(finished('a')).did('send')[0]?.to).toBe('widget-controller/cp-1/c')
  })

  test('looks once more at what changed while it was in work', () => {
    const inWork = running('a').on(changed('widgets', 'a'))
    expect(inWork.did('send')).toEqual([])
    const again = inWork.on(finished('a'))
    expect(again.did('send')).toHaveLength(1)
    expect(again.did('spawn')).toEqual([])
    expect(again.on(finished('a')).did('send')).toEqual([])
  })

  test('looks at a key later when a change says so, or its own sync', () => {
    const later = running().on(changed('parts', 'a'))
    expect(later.did('wake')).toMatchObject([{ afterMs: 1_000, event: { type: 'key.due', key: 'a' } }])
    const due = later.on(event({ type: 'key.due', key: 'a' }))
    expect(due.did('send')[0]?.to).toBe('widget-controller/cp-1/a')
    expect(due.on(finished('a', 'done', 5_000)).did('wake')[0]?.afterMs).toBe(5_000)
    expect(running().on(changed('parts', 'a', true)).asked).toEqual([])
  })

  test('tries what failed again after 5, 10, 20 ms and then leaves it alone', () => {
    let chart = running('a')
    const waits: (number | undefined)[] = []
    for (let i = 0; i < 4; i++) {
      chart = chart.on(finished('a', 'failed'))
      waits.push(chart.did('wake')[0]?.afterMs)
      if (waits[i] !== undefined) chart = chart.on(event({ type: 'key.due', key: 'a' }))
    }
    expect(waits).toEqual([5, 10, 20, undefined])
    expect(chart.context.queue.failures.size).toBe(0)
  })

  test('is told at the start of what its other caches hold, as of what has just come', () => {
    const begun = born(machine, input, 'widget-controller/cp-1')
      .on(filled('widgets'))
      .on(filled('parts', ['lost']))
    expect(begun.did('spawn')).toEqual([])
    expect(begun.did('wake')).toMatchObject([{ key: 'again lost', afterMs: 1_000 }])
  })
  test('looks at the start for what was left behind', () => {
    const looking = supervisor({ ...controller, leftovers: ({ parts }: View) => parts?.objects.keys() ?? [] })
    const running = born(looking, input, 'widget-controller/cp-1')
      .on(filled('widgets'))
      .on(filled('parts', ['wheel']))
    expect(running.did('spawn')).toMatchObject([{ address: 'widget-controller/cp-1/wheel' }])
  })
  test('starts a new actor for a key whose last one is gone', () => {
    const gone = running('a').on(finished('a', 'gone'))
    expect(gone.context.alive.size).toBe(0)
    expect(gone.on(changed('widgets', 'a')).did('spawn')).toHaveLength(1)
  })
})

expectWhole(machine)
