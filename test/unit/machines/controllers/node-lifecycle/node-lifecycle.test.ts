import { expect, test } from 'vitest'
import { nodeLifecycleMember } from '../../../../../machines/controllers/node-lifecycle/index.ts'
import { nodeLifecycle } from '../../../../../machines/controllers/node-lifecycle/node-lifecycle.ts'
import { born, expectWhole } from '../../../../kit/chart.ts'
import { changed, controllerInput, filled, node, pod, viewOf } from '../objects.ts'

const LEASES = 'leases.coordination.k8s.io'
const told = { type: 'cache.told', resource: LEASES, cache: viewOf({ [LEASES]: [] })[LEASES] }
const start = () => born(nodeLifecycle, controllerInput, 'node-lifecycle-controller/cp-1')
const looking = () =>
  start()
    .on(filled('nodes', [node('a'), node('node-1', 'Unknown')]))
    .on(filled('pods', [pod('p')]))
    .on(filled(LEASES, []))

test('once it knows nodes, pods and Leases it looks, and again every 5 s', () => {
  expect(start().on(filled('nodes', [node('a')])).state).toBe('waitingForCaches')
  const first = looking()
  expect(first.did('call')).toMatchObject([
    { to: `${controllerInput.reflectors}/${LEASES}`, event: { type: 'cache.wanted' } },
  ])
  const rested = first.on(told)
  expect(rested.state).toBe('resting')
  expect(rested.did('send').map(({ event }) => event.type)).toContain('turn.came')
  expect(rested.after('node monitor period').state).toBe('looking')
})

test('a reflector that does not answer is asked again the next time', () => {
  expect(looking().on({ type: 'call.lost', line: '', reason: 'refused' }).state).toBe('resting')
  expect(looking().after('request timeout').did('hangUp')).toHaveLength(1)
})

test('pods and zones are followed in between', () => {
  const rested = looking().on(told)
  const mistaken = rested.on(changed('pods', [pod('p')], [undefined, pod('p')]))
  expect(mistaken.did('send')).toMatchObject([
    { to: 'node-lifecycle-controller/cp-1/node-1', event: { type: 'pod.mistaken' } },
  ])
  expect(rested.on({ type: 'zone.due', zone: '' }).asked).toEqual([])
  expect(rested.on({ type: 'pods.unmarked', node: 'node-1' }).context.unmarked.keys()).toEqual(['node-1'])
  expect(nodeLifecycleMember.caches).toContainEqual({ resource: LEASES, only: 'deletions' })
})

expectWhole(nodeLifecycle)
