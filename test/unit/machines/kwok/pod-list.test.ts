import { expect, test } from 'vitest'
import { kwokPodList } from '../../../../machines/kwok/pod-list.ts'
import { born, expectWhole } from '../../../kit/chart.ts'
import { CLIENT, listed, lost, ok, pod } from './fixtures.ts'

const start = () => born(kwokPodList, { ...CLIENT, node: 'kwok-node-0', tell: 'kwok-pods/kwok' })

test('the pods that are bound to the node are handed on', () => {
  expect(start().did('call')).toMatchObject([
    { event: { verb: 'list', resource: 'pods', options: { fieldSelector: 'spec.nodeName=kwok-node-0' } } },
  ])
  const done = start().on(listed([pod('web-0')]))
  expect(done.done).toBe(true)
  expect(done.did('send')).toMatchObject([
    { event: { type: 'fakePods.listed', pods: [{ metadata: { name: 'web-0' } }] } },
  ])
})

test('when there is no answer it is left at that', () => {
  for (const chart of [start().on(ok()), start().on(lost('reset')), start().after('request timeout')]) {
    expect(chart.state).toBe('failed')
    expect(chart.did('send')).toEqual([])
  }
})

expectWhole(kwokPodList)
