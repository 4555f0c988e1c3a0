import { expect, test } from 'vitest'
import { nodeConditions } from '../../../../machines/kubelet/node/node-object.ts'
import { nodeStatus } from '../../../../machines/kubelet/node-status.ts'
import { born, expectWhole } from '../../../kit/chart.ts'
import { answered, apiFailed, DAY, failed, IMAGE, lost, ok, PARTS } from './fixtures.ts'

const KUBELET = {
  node: 'node-1',
  apiserver: PARTS.apiserver,
  runtime: PARTS.runtime,
  hostIP: PARTS.hostIP,
  capacity: { cpu: '4', memory: '8Gi', pods: '110' },
  labels: {},
  taints: [],
}
const begin = (problems: readonly string[] = []) =>
  born(
    nodeStatus,
    {
      kubelet: KUBELET,
      user: PARTS.user,
      recorder: PARTS.recorder,
      ids: { bootID: 'b', machineID: 'm', systemUUID: 's' },
      conditions: nodeConditions(['not yet'], [], DAY),
      problems,
      since: DAY - 12_000,
    },
    'node-status/node-1',
  )
const reporting = () => begin().on(answered({ images: [IMAGE] }))
const readiness = (...problems: string[]) => ({ type: 'runtime.readiness', problems })

test('a node that is ready says so at once, with its images', () => {
  const chart = reporting()
  expect(chart.did('call')).toMatchObject([
    {
      event: {
        verb: 'patch',
        subresource: 'status',
        body: { status: { images: [{ names: [IMAGE.imageRef, IMAGE.repoTags[0]], sizeBytes: 1_000 }] } },
      },
    },
  ])
  const done = chart.on(ok({}))
  expect(done.state).toBe('current')
  expect(done.did('send')).toMatchObject([
    { event: { reason: 'NodeReady', message: 'Node node-1 status is now: NodeReady' } },
  ])
})

test('one that is not waits for readiness, or for the first look', () => {
  const chart = begin(['network not ready'])
  expect(chart.state).toBe('starting')
  expect(chart.on(readiness()).state).toBe('listingImages')
  expect(chart.after('until the next look').state).toBe('listingImages')
})

test('a list of images that fails does not hinder the report', () => {
  for (const chart of [begin().on(failed('x')), begin().on(lost('images')), begin().after('runtime request timeout')]) {
    expect(chart.state).toBe('reporting')
  }
})

test('what changes is told at the next look; readiness that says nothing new is no change', () => {
  const current = reporting().on(ok({}))
  expect(current.on(readiness()).state).toBe('current')
  const stale = current.on(readiness('container runtime is down'))
  expect(stale.state).toBe('stale')
  const told = stale.after('until the next look', { at: DAY + 10_000 })
  expect(told.state).toBe('reporting')
  expect(told.on(ok({})).did('send')).toMatchObject([{ event: { reason: 'NodeNotReady' } }])
})

test('images are seen every 30 s, and told at the look after that, if they are others', () => {
  const current = reporting().on(ok({}))
  const changed = current.on({ type: 'images.changed' }, { at: DAY + 1_000 })
  expect(changed.asked).toEqual([{ do: 'wake', key: 'images', afterMs: 17_000, event: { type: 'images.outdated' } }])
  expect(changed.state).toBe('current')
  const looking = changed.on({ type: 'images.outdated' }).after('until the next look', { at: DAY + 20_000 })
  expect(looking.state).toBe('listingImages')
  expect(looking.on(answered({ images: [] })).state).toBe('reporting')
  expect(looking.on(answered({ images: [IMAGE] })).state).toBe('current')
})

test('every five minutes it is told all the same', () => {
  expect(reporting().on(ok({})).after('until the next report').state).toBe('reporting')
})

test('what the API does not know is told at the next look, as news', () => {
  const conditions = nodeConditions([], [], DAY).map((each) => ({ ...each, status: 'Unknown' }))
  const doubted = reporting().on(ok({})).on({ type: 'node.doubted', conditions })
  expect(doubted.state).toBe('stale')
  const told = doubted.after('until the next look', { at: DAY + 10_000 })
  expect(told.state).toBe('reporting')
  const done = told.on(ok({}))
  expect(done.did('send')).toMatchObject([{ event: { reason: 'NodeReady' } }])
  expect(done.context.conditions.every(({ lastTransitionTime }) => lastTransitionTime !== undefined)).toBe(true)
})

test('five tries, then the next look', () => {
  for (const event of [apiFailed(500, 'InternalError'), lost('status')]) {
    let chart = reporting()
    for (let i = 1; i < 5; i++) chart = chart.on(event)
    expect(chart.state).toBe('reporting')
    expect(chart.on(event).state).toBe('stale')
  }
  let chart = reporting()
  for (let i = 1; i < 5; i++) chart = chart.after('request timeout')
  expect(chart.after('request timeout').state).toBe('stale')
})

expectWhole(nodeStatus)
