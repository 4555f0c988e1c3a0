import { expect, test } from 'vitest'
import {
  COUNTED_NOTHING,
  type Counting,
  counted,
  isDelayed,
  lastTick,
  untilProbe,
  withContainer,
} from '../../../../../machines/kubelet/probe/counting.ts'
import { DAY } from '../fixtures.ts'

const counting = (rest: Partial<Counting> = {}): Counting => ({ ...COUNTED_NOTHING, tickedAt: DAY, ...rest })
const seen = (startedAt: string) => ({
  name: 'c',
  image: '',
  imageID: '',
  ready: false,
  restartCount: 0,
  started: true,
  containerID: 'containerd://a',
  state: { running: { startedAt } },
})

test('the first tick after the initial delay', () => {
  const running = counting({ seen: seen('1970-01-02T00:00:01Z') })
  expect(untilProbe(running, { periodSeconds: 2 }, DAY + 500)).toBe(1_500)
  expect(untilProbe(running, { periodSeconds: 2, initialDelaySeconds: 8 }, DAY + 500)).toBe(9_500)
  expect(isDelayed(running, { initialDelaySeconds: 8 }, DAY + 8_999)).toBe(true)
})
test('a tick that came during a probe is due at once, but only one', () => {
  const late = counting({ seen: seen('1970-01-02T00:00:00Z') })
  expect(untilProbe(late, { periodSeconds: 1 }, DAY + 3_500)).toBe(0)
  expect(lastTick(DAY, { periodSeconds: 2 }, DAY + 5_000)).toBe(DAY + 4_000)
})
test('results settle after as many in a row as the thresholds say', () => {
  const probe = { failureThreshold: 2, successThreshold: 2 }
  const one = { ...counting(), ...counted(counting(), 'failure', probe, 'readiness') }
  expect(one.settled).toBe('unknown')
  const two = { ...one, ...counted(one, 'failure', probe, 'readiness') }
  expect(two).toMatchObject({ settled: 'failure', onHold: false })
  expect(counted(two, 'success', probe, 'readiness')).toEqual({ last: 'success', run: 1 })
  expect(counted(one, 'failure', probe, 'liveness')).toMatchObject({ onHold: true, run: 0 })
})
test('a new container begins with a clean slate', () => {
  expect(withContainer(counting({ seen: seen(''), containerId: 'a' }))).toEqual({})
  expect(withContainer(counting({ seen: seen(''), containerId: 'b', onHold: true }))).toEqual({
    containerId: 'a',
    settled: 'unknown',
    onHold: false,
  })
})
