import { expect, test } from 'vitest'
import { runtimeHealth } from '../../../../machines/kubelet/runtime-health.ts'
import { born, expectWhole } from '../../../kit/chart.ts'
import { answered, DAY, failed, lost } from './fixtures.ts'

const begin = () => born(runtimeHealth, { kubelet: 'kubelet/node-1', runtime: 'containerd/node-1' })
const conditions = (network: boolean) =>
  answered({
    conditions: [
      { type: 'RuntimeReady', status: true, reason: '', message: '' },
      {
        type: 'NetworkReady',
        status: network,
        reason: 'NetworkPluginNotReady',
        message: 'Network plugin returns error: cni plugin not initialized',
      },
    ],
  })

test('when all is ready the kubelet is told once, and the process watched', () => {
  const chart = begin().on(conditions(true))
  expect(chart.state).toBe('ready')
  expect(chart.did('send')).toMatchObject([{ event: { type: 'runtime.readiness', problems: [] } }])
  expect(chart.did('monitor')).toHaveLength(1)
  const again = chart.on({ type: 'peer.lost', address: 'containerd/node-1', reason: 'crashed' }, { at: DAY + 60_000 })
  expect(again.state).toBe('asking')
  expect(again.on(conditions(true)).did('send')).toHaveLength(0)
})

test('a network that is not ready is asked for every 5 s', () => {
  const chart = begin().on(conditions(false))
  expect(chart.did('send')).toMatchObject([
    {
      event: {
        problems: [
          'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady ' +
            'message:Network plugin returns error: cni plugin not initialized',
        ],
      },
    },
  ])
  expect(chart.after('look interval').state).toBe('asking')
})

test('a runtime that is silent for 30 s is down', () => {
  const silent = begin().on(lost('status'))
  const soon = silent.after('look interval', { at: DAY + 5_000 })
  expect(soon.did('send')).toHaveLength(0)
  const late = soon.on(failed('not ready')).after('look interval', { at: DAY + 30_000 })
  expect(late.did('send')).toMatchObject([{ event: { problems: ['container runtime is down'] } }])
  const later = late.after('runtime request timeout').after('look interval', { at: DAY + 40_000 })
  expect(later.did('send')).toHaveLength(0)
})

expectWhole(runtimeHealth)
