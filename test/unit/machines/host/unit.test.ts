import { describe, expect, test } from 'vitest'
import { unit } from '../../../../machines/host/unit.ts'
import { born, expectWhole } from '../../../kit/chart.ts'

const kubelet = {
  address: 'kubelet/node-1',
  machine: 'kubelet',
  input: { node: 'node-1' },
  restart: { firstMs: 1_000, baseMs: 10_000, maxMs: 300_000, resetMs: 600_000 },
}
const lost = { type: 'peer.lost', address: 'kubelet/node-1', reason: 'crashed' }
const restartDelay = (chart: ReturnType<typeof started>) => chart.did('wake').map(({ afterMs }) => afterMs)
const started = () => born(unit, kubelet, 'unit/node-1/kubelet', { at: 0 })

describe('a unit', () => {
  test('starts its process and watches it', () => {
    const chart = started()
    expect(chart.state).toBe('active')
    expect(chart.did('spawn')).toEqual([
      { do: 'spawn', address: 'kubelet/node-1', machine: 'kubelet', input: { node: 'node-1' }, process: true },
    ])
    expect(chart.did('monitor')).toEqual([{ do: 'monitor', address: 'kubelet/node-1' }])
  })

  test('restarts it at once, then with growing delays', () => {
    const first = started().on(lost, { at: 5_000 })
    expect(first.state).toBe('waitingToRestart')
    expect(restartDelay(first)).toEqual([1_000])
    const second = first.after('restart delay', { at: 6_000 }).on(lost, { at: 7_000 })
    expect(restartDelay(second)).toEqual([10_000])
    const third = second.after('restart delay', { at: 17_000 }).on(lost, { at: 18_000 })
    expect(restartDelay(third)).toEqual([20_000])
  })

  test('begins anew with the delays once the process ran for long enough', () => {
    const again = started().on(lost, { at: 1_000 }).after('restart delay', { at: 2_000 }).on(lost, { at: 602_000 })
    expect(again.context.restarts).toBe(0)
    expect(restartDelay(again)).toEqual([1_000])
  })

  test('can be kept down, while it runs or while it waits, and started again', () => {
    const told = started().on({ type: 'unit.stop' })
    expect(told.state).toBe('stopping')
    expect(told.did('stop')).toEqual([{ do: 'stop', address: 'kubelet/node-1' }])
    const down = told.on(lost)
    expect(down.state).toBe('inactive')
    expect(down.on({ type: 'unit.start' }).did('spawn')).toHaveLength(1)
    expect(started().on(lost).on({ type: 'unit.stop' }).state).toBe('inactive')
  })

  test('that is wanted again before its process has ended starts it when it has', () => {
    const wanted = started().on({ type: 'unit.stop' }).on({ type: 'unit.start' })
    expect(wanted.state).toBe('restarting')
    expect(wanted.asked).toEqual([])
    expect(wanted.on(lost).did('spawn')).toHaveLength(1)
    expect(wanted.on({ type: 'unit.stop' }).on(lost).state).toBe('inactive')
  })
})

expectWhole(unit)
