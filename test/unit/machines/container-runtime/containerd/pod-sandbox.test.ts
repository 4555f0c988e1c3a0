import { expect, test } from 'vitest'
import { podSandbox } from '../../../../../machines/container-runtime/containerd/pod-sandbox.ts'
import { born, expectWhole } from '../../../../kit/chart.ts'

const start = () => born(podSandbox, { runtime: 'containerd/node-1', id: 's1' }, 'pod-sandbox/node-1/s1')

test('a sandbox is ready after 200 to 300 ms, and stays so', () => {
  const chart = start()
  expect(chart.context.setUpMs).toBeGreaterThanOrEqual(200)
  expect(chart.context.setUpMs).toBeLessThan(300)
  const ready = chart.after('set-up time')
  expect(ready.did('send')[0]?.event).toEqual({ type: 'sandbox.ready', id: 's1' })
  expect(ready.on({ type: 'sandbox.inspect' }, { from: 'containerd/node-1', call: 3 }).did('answer')).toHaveLength(1)
})

test('a sandbox takes its network down before it is gone', () => {
  for (const chart of [start(), start().after('set-up time')]) {
    const over = chart.on({ type: 'sandbox.stop' }).after('tear-down time')
    expect(over.did('send')[0]?.event).toEqual({ type: 'sandbox.stopped', id: 's1' })
    expect(over.done).toBe(true)
  }
})

expectWhole(podSandbox)
