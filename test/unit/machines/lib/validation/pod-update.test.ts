import { expect, test } from 'vitest'
import { checkPodStatusUpdate, checkPodUpdate } from '../../../../../machines/lib/validation/pod-update.ts'
import { told } from './told.ts'

const container = { name: 'c', image: 'i', imagePullPolicy: 'Always', terminationMessagePolicy: 'File' }
const pod = (rest: object = {}, status: object = {}) =>
  ({
    metadata: { name: 'p' },
    spec: {
      containers: [container],
      restartPolicy: 'Never',
      dnsPolicy: 'ClusterFirst',
      terminationGracePeriodSeconds: 30,
      ...rest,
    },
    status,
  }) as never
const change = (next: object, was: object = {}) => told((found) => checkPodUpdate(found, pod(next), pod(was)))

test.each([
  ['an image may change', { containers: [{ ...container, image: 'j' }] }, {}, []],
  [
    'containers may not come',
    { containers: [container, { ...container, name: 'd' }] },
    {},
    ['spec.containers: Forbidden: pod updates may not add or remove containers'],
  ],
  ['a deadline may come', { activeDeadlineSeconds: 5 }, {}, []],
  ['and become earlier', { activeDeadlineSeconds: 5 }, { activeDeadlineSeconds: 6 }, []],
  [
    'not later',
    { activeDeadlineSeconds: 7 },
    { activeDeadlineSeconds: 6 },
    ['spec.activeDeadlineSeconds: Invalid value: 7: must be less than or equal to previous value'],
  ],
  [
    'nor go',
    {},
    { activeDeadlineSeconds: 6 },
    ['spec.activeDeadlineSeconds: Invalid value: "null": must not update from a positive integer to nil value'],
  ],
  ['tolerations may come', { tolerations: [{ operator: 'Exists' }] }, {}, []],
  [
    'not go',
    {},
    { tolerations: [{ operator: 'Exists' }] },
    ['spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds'],
  ],
  [
    'gates may not come',
    { schedulingGates: [{ name: 'a' }] },
    {},
    ["spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'a'"],
  ],
  ['they may go', {}, { schedulingGates: [{ name: 'a' }] }, []],
  [
    'a gated pod may be sent elsewhere',
    { nodeSelector: { a: 'b' }, schedulingGates: [{ name: 'a' }] },
    { schedulingGates: [{ name: 'a' }] },
    [],
  ],
])('%s', (_name, next, was, expected) => {
  expect(change(next, was)).toEqual(expected)
})
test('nothing else may change', () => {
  const [message] = change({ nodeName: 'n' })
  expect(message).toContain('spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`')
  expect(message).toContain('+ nodeName: "n"')
})
test('of the status', () => {
  const status = (next: object, was: object = {}) =>
    told((found) => checkPodStatusUpdate(found, pod({}, next), pod({}, was)))
  expect(status({ phase: 'Running' })).toEqual([])
  expect(status({ qosClass: 'BestEffort' }, { qosClass: 'Burstable' })).toEqual([
    'status.qosClass: Invalid value: "BestEffort": field is immutable',
  ])
  expect(status({ nominatedNodeName: 'A', podIPs: [{ ip: 'x' }] })).toHaveLength(2)
  const ended = { containerStatuses: [{ name: 'c', state: { terminated: { exitCode: 0 } } }] }
  expect(status({ containerStatuses: [{ name: 'c', state: { running: {} } }] }, ended)).toEqual([
    'status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state',
  ])
})
