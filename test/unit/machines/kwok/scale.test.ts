import { expect, test } from 'vitest'
import { kwokctlScale } from '../../../../machines/kwok/scale.ts'
import { born, expectWhole } from '../../../kit/chart.ts'
import { CLIENT, listed, lost, node, ok, refused } from './fixtures.ts'

const start = () =>
  born(kwokctlScale, { ...CLIENT, name: 'kwok-node', replicas: 3, capacity: { cpu: '32', pods: '110' } })
const created = (chart: ReturnType<typeof start>) =>
  chart.did('call').map(({ event }) => (event as unknown as { name: string }).name)

test('the nodes that are missing are made, one after another', () => {
  expect(start().did('call')).toMatchObject([
    { event: { verb: 'list', options: { labelSelector: 'kwok.x-k8s.io/kwokctl-scale=kwok-node' } } },
  ])
  const first = start().on(listed([node('kwok-node-1')]))
  expect(created(first)).toEqual(['kwok-node-0'])
  const last = first.on(ok())
  expect(created(last)).toEqual(['kwok-node-2'])
  expect(last.on(refused(409, 'AlreadyExists')).state).toBe('done')
})

test('it has nothing to do when there are enough', () => {
  expect(start().on(listed([0, 1, 2].map((i) => node(`kwok-node-${i}`)))).state).toBe('done')
})

test('without an API server it begins anew each second', () => {
  const creating = start().on(listed([]))
  for (const chart of [start(), creating])
    for (const failed of [
      chart.on(refused(500, 'InternalError')),
      chart.on(lost('refused')),
      chart.after('request timeout'),
    ]) {
      expect(failed.state).toBe('waiting')
      expect(failed.after('retry period').state).toBe('looking')
    }
})

expectWhole(kwokctlScale)
