import { expect, test } from 'vitest'
import {
  concernsWorker,
  dispatched,
  listed,
  NO_PODS,
  orphans,
  type Pods,
  shownAgain,
  terminated,
} from '../../../../machines/kubelet/pods.ts'
import type { Node, Pod } from '../../../../machines/protocol/objects.ts'
import { container, PARTS, pod, sandbox } from './fixtures.ts'

const NODE: Node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'node-1' },
  status: { allocatable: { cpu: '1', pods: '110' } },
}
const named = (name: string, uid: string, creationTimestamp = ''): Pod => pod({}, { name, uid, creationTimestamp })
const delta = (was: Pod | undefined, now: Pod | undefined) => {
  const { namespace, name } = ((now ?? was) as Pod).metadata
  return { key: `${namespace}/${name}`, was, now }
}
const after = (pods: Pods, was: Pod | undefined, now: Pod | undefined) =>
  dispatched(pods, [delta(was, now)], PARTS, NODE)
const begun = () => after(NO_PODS, undefined, named('web', 'u1'))[0]

test('pods are admitted in the order of their creation, whatever the order of the list', () => {
  const [a, b] = [named('a', 'ua', '2026-01-01T00:00:02Z'), named('b', 'ub', '2026-01-01T00:00:01Z')]
  const order = (list: Pod[]) =>
    dispatched(
      NO_PODS,
      list.map((each) => delta(undefined, each)),
      PARTS,
      NODE,
    )[1].map((effect) => (effect as { address: string }).address)
  expect(order([a, b])).toEqual(order([b, a]))
  expect(order([a, b])[0]).toContain('/b')
})
test('the echo of a status is no news to the worker, a deletion is', () => {
  const web = named('web', 'u1')
  const echo = after(begun(), web, { ...web, status: { phase: 'Running' } })[1]
  expect(echo).not.toContainEqual(expect.objectContaining({ event: expect.objectContaining({ type: 'pod.updated' }) }))
  const deleting = { ...web, metadata: { ...web.metadata, deletionTimestamp: 'x' } }
  expect(after(begun(), web, deleting)[1]).toMatchObject([{ event: { type: 'pod.updated' } }])
  expect(concernsWorker(web, { ...web, status: { conditions: [{ type: 'gate', status: 'True' }] } })).toBe(true)
})
test('the status manager is shown what the API says of a pod, whatever it said before', () => {
  const ready = (status: string, podIP = ''): Pod => ({
    ...named('web', 'u1'),
    status: { podIP, conditions: [{ type: 'Ready', status }] },
  })
  const shown = (was: Pod, now: Pod) => after(begun(), was, now)[1]
  const seen = (pod: Pod) => [
    { do: 'send', to: PARTS.statusManager, event: { type: 'status.shown', key: 'default/web', pod } },
  ]
  expect(shown(ready('True'), ready('False'))).toEqual(seen(ready('False')))
  expect(shown(ready('False'), ready('False', '10.0.0.1'))).toEqual(seen(ready('False', '10.0.0.1')))
  expect(shown(ready('True'), ready('True'))).toEqual([])
})
test('another pod of the same name begins when the first has ended', () => {
  const [first, second] = [named('web', 'u1'), named('web', 'u2')]
  const [waiting, effects] = after(begun(), first, second)
  expect(effects).toMatchObject([{ event: { type: 'status.forgotten' } }, { event: { type: 'pod.removed' } }])
  const [, then] = terminated(waiting, 'default/web', 'u1', PARTS, NODE)
  expect(then).toMatchObject([{ do: 'spawn', input: { pod: { metadata: { uid: 'u2' } } } }])
  const [none] = after(waiting, second, undefined)
  expect(terminated(none, 'default/web', 'u1', PARTS, NODE)[1]).toEqual([])
})
test('a pod takes the name of one that is over once the worker of that one has ended', () => {
  const [first, second] = [named('web', 'u1'), named('web', 'u2')]
  const [over] = terminated(begun(), 'default/web', 'u1', PARTS, NODE)
  const replaced = after(over, first, second)
  const [gone, one] = after(over, first, undefined)
  const [waiting, two] = after(gone, undefined, second)
  for (const effects of [replaced[1], [...one, ...two]])
    expect(effects.some((effect) => effect.do === 'spawn')).toBe(false)
  expect(one.at(-1)).toMatchObject({ to: PARTS.kubelet, event: { type: 'pod.terminated', uid: 'u1' } })
  for (const pods of [replaced[0], waiting])
    expect(terminated(pods, 'default/web', 'u1', PARTS, NODE)[1]).toMatchObject([
      { do: 'spawn', input: { pod: { metadata: { uid: 'u2' } } } },
    ])
})
test('a pod that is gone and over is forgotten; one that was rejected too', () => {
  const [over] = terminated(begun(), 'default/web', 'u1', PARTS, NODE)
  const ended = (pods: Pods, uid: string) => terminated(pods, 'default/web', uid, PARTS, NODE)[0]
  expect(ended(after(over, named('web', 'u1'), undefined)[0], 'u1').work.size).toBe(0)
  const greedy = pod({ containers: [{ name: 'c', resources: { requests: { cpu: '5' } } }] })
  const [rejected] = after(NO_PODS, undefined, greedy)
  expect(rejected.used.amounts).toEqual({})
  expect(ended(after(rejected, greedy, undefined)[0], greedy.metadata.uid ?? '').work.size).toBe(0)
  expect(after(NO_PODS, greedy, undefined)[1]).toMatchObject([{ event: { type: 'status.forgotten' } }])
})
test('what runs of nobody gets a worker that ends it', () => {
  const found = listed(NO_PODS, { type: 'runtime.listed', sandboxes: [sandbox()], containers: [container()] })
  const [left, effects] = orphans(found, PARTS)
  expect(effects).toMatchObject([{ address: 'pod-worker/node-1/default/web', input: { orphan: true } }])
  expect(left.found.size).toBe(0)
  expect(orphans(after(found, undefined, named('web', 'u1'))[0], PARTS)[1]).toEqual([])
})
test('everything is shown to those whose pods may run', () => {
  const event = { type: 'runtime.listed', sandboxes: [sandbox()], containers: [container()] } as const
  expect(shownAgain(begun(), PARTS, event)).toHaveLength(1)
  expect(shownAgain(terminated(begun(), 'default/web', 'u1', PARTS, NODE)[0], PARTS, event)).toEqual([])
})
