import { expect, test } from 'vitest'
import { conditionsOf, containersReady, isOurs, ready } from '../../../../../machines/kubelet/status/conditions.ts'
import type { core } from '../../../../../machines/protocol/objects.ts'
import { pod } from '../fixtures.ts'

const status = (name: string, isReady: boolean): core.ContainerStatus => ({
  name,
  image: '',
  imageID: '',
  ready: isReady,
  started: isReady,
  restartCount: 0,
  state: isReady ? { running: {} } : { waiting: {} },
})

test('containers that are not ready are named, sidecars too', () => {
  const own = pod({
    containers: [{ name: 'a' }, { name: 'b' }],
    initContainers: [{ name: 's', restartPolicy: 'Always' }],
  })
  expect(containersReady(own, [status('s', false), status('a', false), status('b', true)], 'Running')).toMatchObject({
    reason: 'ContainersNotReady',
    message: 'containers with unready status: [s a]',
  })
  expect(containersReady(own, [status('a', true)], 'Running').message).toBe('containers with unknown status: [s b]')
})
test('a pod that is over says how', () => {
  expect(containersReady(pod(), [status('c', false)], 'Succeeded').reason).toBe('PodCompleted')
  expect(containersReady(pod(), [status('c', false)], 'Failed').reason).toBe('PodFailed')
})
test('readiness gates', () => {
  const own = pod({ readinessGates: [{ conditionType: 'x/g' }, { conditionType: 'x/h' }] })
  expect(ready(own, [status('c', true)], 'Running', [{ type: 'x/h', status: 'False' }])).toMatchObject({
    reason: 'ReadinessGatesNotReady',
    message:
      'corresponding condition of pod readiness gate "x/g" does not exist., ' +
      'the status of pod readiness gate "x/h" is not "True", but False',
  })
  const held = [
    { type: 'x/g', status: 'True' },
    { type: 'x/h', status: 'True' },
  ]
  expect(ready(own, [status('c', true)], 'Running', held).status).toBe('True')
})
test('initialization', () => {
  const own = pod({ initContainers: [{ name: 'i' }, { name: 'j' }] })
  const [, initialized] = conditionsOf(own, [status('i', false), status('c', false)], 'Pending', false, [])
  expect(initialized).toMatchObject({
    reason: 'ContainersNotInitialized',
    message: 'containers with unknown status: [j], containers with incomplete status: [i]',
  })
  expect(
    conditionsOf(own, [status('i', true), status('j', true), status('c', false)], 'Succeeded', false, [])[1]?.reason,
  ).toBe('PodCompleted')
  expect(conditionsOf(own, [status('c', true)], 'Running', true, []).map((each) => each.status)).toEqual([
    'True',
    'True',
    'True',
    'True',
    'True',
  ])
  expect(isOurs({ type: 'DisruptionTarget', status: 'True' })).toBe(false)
})
