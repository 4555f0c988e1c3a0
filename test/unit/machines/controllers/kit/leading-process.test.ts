import { expect, test } from 'vitest'
import { leadingProcess } from '../../../../../machines/controllers/kit/leading-process.ts'
import { born, expectWhole } from '../../../../kit/chart.ts'

const part = (name: string) => ({ address: `${name}/cp-1`, machine: name, input: { name } })
const input = {
  lease: 'kube-scheduler',
  apiserver: 'kube-apiserver/cp-1',
  user: { name: 'system:kube-scheduler', groups: [] },
  recorder: 'event-recorder/cp-1/kube-scheduler',
  always: [part('event-recorder')],
  leading: [part('reflector'), part('scheduler')],
}

test('a process that may lead starts its elector and works only once it leads', () => {
  const standingBy = born(leadingProcess, input, 'kube-scheduler/cp-1')
  expect(standingBy.did('spawn').map(({ address }) => address)).toEqual([
    'event-recorder/cp-1',
    'leader-elector/cp-1/kube-scheduler',
  ])
  expect(standingBy.did('spawn')[1]?.input).toMatchObject({
    lease: 'kube-scheduler',
    tell: 'kube-scheduler/cp-1',
    identity: expect.stringMatching(/^cp-1_[0-9a-f-]{36}$/),
  })
  const leading = standingBy.on({ type: 'leadership.gained' })
  expect(leading.did('spawn').map(({ machine }) => machine)).toEqual(['reflector', 'scheduler'])
  const exited = leading.on({ type: 'leadership.lost' })
  expect(exited.done).toBe(true)
})

expectWhole(leadingProcess)
