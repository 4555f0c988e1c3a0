import { expect, test } from 'vitest'
import { filtersOf, preFiltered } from '../../../../machines/scheduler/attempt.ts'
import { adjusted, firstRejection, rejectionOf } from '../../../../machines/scheduler/filtering.ts'
import { nominated } from '../../../../machines/scheduler/nominations.ts'
import { podInfoOf } from '../../../../machines/scheduler/pod-info.ts'
import { cacheWith, infoOf, node, pod } from './cluster.ts'

const sized = (name: string, cpu: string, spec: object = {}) =>
  podInfoOf(pod(name, { spec: { containers: [{ name: 'c', resources: { requests: { cpu } } }], ...spec } } as object))
const cache = cacheWith([node('a')])
const web = sized('web', '3')
const pre = preFiltered(web, cache)
const filters = filtersOf(pre)
const trial = { node: infoOf(cache, 'a'), states: pre.states }
const beside = (other: ReturnType<typeof sized>) =>
  rejectionOf(filters, web, trial, { nominations: nominated(cache.nominations, other.pod, 'a') })?.reasons

test('a pod has to fit beside those who are nominated to the node and matter as much', () => {
  expect(beside(sized('other', '2'))).toEqual(['Insufficient cpu'])
  expect(beside(sized('small', '1'))).toBeUndefined()
  expect(beside(sized('humble', '2', { priority: -1 }))).toBeUndefined()
  expect(beside(web)).toBeUndefined()
})
test('and without them, for they may end up elsewhere', () => {
  const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'x' } } }
  const clinging = podInfoOf(
    pod('web', {
      spec: { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } },
    } as object),
  )
  const its = preFiltered(clinging, cache)
  const friend = pod('friend', { metadata: { labels: { app: 'x' } } } as object)
  const nominations = nominated(cache.nominations, friend, 'a')
  const where = { node: infoOf(cache, 'a'), states: its.states }
  expect(
    firstRejection(filtersOf(its), clinging, adjusted(filtersOf(its), clinging, where, podInfoOf(friend), 1)),
  ).toBe(undefined)
  expect(rejectionOf(filtersOf(its), clinging, where, { nominations })?.plugin).toBe('InterPodAffinity')
})
test('a pod that is added in thought and taken away again leaves nothing behind', () => {
  const there = adjusted(filters, web, trial, sized('other', '2'), 1)
  expect(there.node.pods.size).toBe(1)
  const gone = adjusted(filters, web, there, sized('other', '2'), -1)
  expect(gone.node.requested).toEqual(trial.node.requested)
})
