import { expect, test } from 'vitest'
import { containerDeletor } from '../../../../machines/kubelet/container-deletor.ts'
import { born, expectWhole } from '../../../kit/chart.ts'
import { answered, failed, lost } from './fixtures.ts'

const begin = () =>
  born(containerDeletor, { runtime: 'containerd/node-1' }).on({
    type: 'remains.unwanted',
    containers: ['a', 'b'],
    sandboxes: ['s'],
  })

test('containers go before their sandbox, one after another, whether or not it works', () => {
  const chart = begin()
  expect(chart.did('call')).toMatchObject([{ event: { call: 'RemoveContainer', containerId: 'a' } }])
  const second = chart.on(answered())
  expect(second.did('call')).toMatchObject([{ event: { containerId: 'b' } }])
  const third = second.on(failed('busy'))
  expect(third.did('call')).toMatchObject([{ event: { call: 'RemovePodSandbox', podSandboxId: 's' } }])
  expect(third.on(lost('remove')).state).toBe('idle')
  expect(third.after('runtime request timeout').did('hangUp')).toHaveLength(1)
})

expectWhole(containerDeletor)
