import { describe, expect, test } from 'vitest'
import { scheduler } from '../../../../machines/scheduler/scheduler.ts'
import { born, expectWhole } from '../../../kit/chart.ts'
import { changedTo, node, pod } from './cluster.ts'

const input = { apiserver: 'kube-apiserver/cp', user: { name: 'system:kube-scheduler', groups: [] }, recorder: 'events/cp' }
const newborn = (more: object = {}) => born(scheduler, { ...input, ...more }, 'scheduler/cp')

/** A scheduler that knows these nodes and pods. */
function knowing(nodes: readonly object[], pods: readonly object[], more: object = {}) {
  return newborn(more)
    .on(changedTo('nodes', nodes))
    .on(changedTo('namespaces', []))
    .on(changedTo('services', []))
    .on(changedTo('replicasets.apps', []))
    .on(changedTo('pods', pods))
}
const loop = (state: string) => state.split(', ').find((part) => part.startsWith('loop'))

describe('the scheduling loop', () => {
  test('decides nothing before every cache is filled', () => {
    const chart = newborn().on(changedTo('pods', [pod('web')]))
    expect(loop(chart.state)).toBe('loop.waitingForCaches')
  })
  test('counts a pod on its node and starts a binding cycle', () => {
    const chart = knowing([node('node-1')], [pod('web')])
    expect(loop(chart.state)).toBe('loop.scheduling.attempting')
    const after = chart.after('scheduling attempt')
    expect(loop(after.state)).toBe('loop.idle')
    expect(after.did('spawn')[0]).toMatchObject({
      address: 'binding-cycle/cp/default/web',
      machine: 'binding-cycle',
      input: { node: 'node-1', key: 'default/web', waitMs: 0 },
    })
    expect(after.context.cache.placed.get('default/web')).toMatchObject({ node: 'node-1', assumed: true })
  })
})
expectWhole(scheduler)
