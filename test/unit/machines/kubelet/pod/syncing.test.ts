import { expect, test } from 'vitest'
import { failureOf, mountBackOffMs, rpcText, seen, settled } from '../../../../../machines/kubelet/pod/syncing.ts'
import { atBirth } from '../../../../../machines/kubelet/pod/worker.ts'
import { DAY, exited, failed, lost, running, workerInput } from '../fixtures.ts'

const context = (rest = {}) => ({ ...atBirth(workerInput()), wanted: false, ...rest })

test('a relist that shows nothing new wants no sync', () => {
  expect(seen(context(), { type: 'pod.relisted', changed: { sandboxes: [], containers: [] } })[0].wanted).toBe(false)
  expect(seen(context(), { type: 'pod.relisted', changed: running() })[0].wanted).toBe(true)
})
test('what newer containers supersede is shown once more and thrown away', () => {
  const [change, effects] = seen(context({ running: running(exited(1)) }), {
    type: 'pod.relisted',
    changed: { sandboxes: [], containers: [exited(1, { attempt: 1 })] },
  })
  expect(change).toMatchObject({ removed: ['c0'], running: { containers: [{ id: 'c1' }, { id: 'c0' }] } })
  expect(effects).toMatchObject([{ event: { type: 'remains.unwanted', containers: ['c0'] } }])
})
test('a whole list replaces what was known', () => {
  const [change] = seen(context({ running: running(exited(1)) }), {
    type: 'pod.relisted',
    changed: running(),
    whole: true,
  })
  expect(change.running?.containers).toEqual([])
})
test('after a failure 10 to 15 s, then the next whole second', () => {
  expect(settled(context(), 1, DAY)).toEqual({ syncedAt: DAY, retryAt: 0 })
  for (const dice of [1, 2, 3, 4, 5]) {
    const { retryAt = 0 } = settled(context({ failed: true }), dice, DAY + 300)
    expect(retryAt % 1_000).toBe(0)
    expect(retryAt - DAY).toBeGreaterThanOrEqual(11_000)
    expect(retryAt - DAY).toBeLessThanOrEqual(16_000)
  }
})
test('mounts are tried after 0.5 s, 1 s, 2 s …', () => {
  expect([1, 2, 3, 20].map((mountTries) => mountBackOffMs(context({ mountTries })))).toEqual([
    500, 1_000, 2_000, 122_000,
  ])
})
test('every way to fail has a text', () => {
  expect(rpcText(failureOf(failed('x', 'NotFound')))).toBe('rpc error: code = NotFound desc = x')
  expect(failureOf(lost('runtime')).code).toBe('Unavailable')
  expect(failureOf({ type: 'xstate.after' }).error).toBe('context deadline exceeded')
})
