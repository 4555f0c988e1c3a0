import { expect, test } from 'vitest'
import { nodeRange } from '../../../../../machines/controllers/node-ipam/node-range.ts'
import { born, expectWhole } from '../../../../kit/chart.ts'
import { lost, ok, refused } from '../kit/replies.ts'
import { controllerInput } from '../objects.ts'

const start = () =>
  born(nodeRange, { ...controllerInput, node: 'node-1', cidr: '10.244.0.0/24', allocator: 'node-ipam-controller/cp-1' })

test('the range is written to the spec of the node', () => {
  const writing = start()
  expect(writing.did('call')[0]?.event).toMatchObject({
    verb: 'patch',
    patchType: 'strategic',
    name: 'node-1',
    body: { spec: { podCIDR: '10.244.0.0/24', podCIDRs: ['10.244.0.0/24'] } },
  })
  const over = writing.on(ok())
  expect([over.done, over.did('send')]).toMatchObject([true, [{ event: { type: 'range.assigned' } }]])
})

test('it is tried three times, and then given back', () => {
  const third = start().on(refused(409, 'Conflict')).on(lost())
  expect(third.state).toBe('writing')
  expect(third.on(refused(409, 'Conflict')).did('send')).toMatchObject([
    { event: { type: 'range.refused', mayStand: false } },
  ])
})

test('when nobody knows whether it is written, nobody else gets it', () => {
  const third = start().on(lost()).on(lost())
  expect(third.on(lost()).did('send')).toMatchObject([{ event: { mayStand: true } }])
  const late = start().after('request timeout')
  expect([late.did('hangUp').length, late.did('send')]).toMatchObject([1, [{ event: { mayStand: true } }]])
})

expectWhole(nodeRange)
