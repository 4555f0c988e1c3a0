import { describe, expect, test } from 'vitest'
import { logSought } from '../../../../machines/apiserver/pod-log.ts'
import type { ApiRequest } from '../../../../machines/protocol/api.ts'
import type { Node, Pod } from '../../../../machines/protocol/objects.ts'

const request = (body: object = {}): ApiRequest => ({
  type: 'api.request',
  user: { name: 'a', groups: [] },
  verb: 'get',
  resource: 'pods',
  subresource: 'log',
  name: 'p',
  body,
})
const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } } as Node
const pod = (spec: object, status: object = {}): Pod =>
  ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { nodeName: 'n', ...spec }, status }) as Pod
const [a, b, init] = ['a', 'b', 'init'].map((name) => ({ name, image: 'i' }))
const sought = (of: Pod | undefined, body: object = {}): unknown => logSought(request(body), of, () => node)
const why = (of: Pod | undefined, body: object = {}): string | undefined =>
  (sought(of, body) as { status?: { message: string } }).status?.message
const withState = (state: object, lastState: object = {}) =>
  pod({ containers: [a] }, { containerStatuses: [{ name: 'a', containerID: 'containerd://now', state, lastState }] })

describe('the container', () => {
  test('need not be named when there is one', () => {
    expect(sought(withState({ running: {} }))).toMatchObject({ container: 'a', containerId: 'now', node: 'n' })
  })
  test('must be named when there are several', () => {
    expect(why(pod({ containers: [a, b], initContainers: [init] }))).toBe(
      'a container name must be specified for pod p, choose one of: [a b] or one of the init containers: [init]',
    )
  })
  test('must be of the pod', () => {
    expect(why(pod({ containers: [a] }), { container: 'zz' })).toBe('container zz is not valid for pod p')
  })
})

describe('the log', () => {
  test('is not there before the container was created', () => {
    const cases = [
      ['ContainerCreating', 'ContainerCreating'],
      ['ErrImagePull', "image can't be pulled"],
      ['ImagePullBackOff', 'trying and failing to pull image'],
    ]
    for (const [reason, text] of cases)
      expect(why(withState({ waiting: { reason } }))).toBe(`container "a" in pod "p" is waiting to start: ${text}`)
    expect(why(pod({ containers: [a] }))).toBe('container "a" in pod "p" is not available')
  })
  test('of a container that waits to be restarted is its last', () => {
    const crashed = withState(
      { waiting: { reason: 'CrashLoopBackOff' } },
      { terminated: { containerID: 'containerd://old' } },
    )
    expect(sought(crashed)).toMatchObject({ containerId: 'old' })
    expect(sought(crashed, { previous: true })).toMatchObject({ containerId: 'old' })
    expect(why(withState({ running: {} }), { previous: true })).toBe(
      'previous terminated container "a" in pod "p" not found',
    )
  })
})

test('options that make no sense are invalid', () => {
  expect(why(undefined, { tailLines: -1 })).toBe(
    'PodLogOptions "p" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0',
  )
  expect(why(undefined, { sinceSeconds: 0 })).toContain('sinceSeconds: Invalid value: 0: must be greater than 0')
  expect(why(undefined, { limitBytes: 0 })).toContain('limitBytes')
  expect(why(undefined, { sinceSeconds: 1, sinceTime: '2026-01-01T00:00:00Z' })).toContain('at most one of')
})
