import { expect, test } from 'vitest'
import {
  hookProblem,
  hookRequest,
  isBackingOff,
  lengthened,
  portOf,
} from '../../../../../machines/kubelet/pod/starting.ts'
import { atBirth } from '../../../../../machines/kubelet/pod/worker.ts'
import { container, DAY, exited, pod, running, SELF, workerInput } from '../fixtures.ts'

test('a port by number or by name', () => {
  const own = { name: 'c', ports: [{ name: 'web', containerPort: 8080 }] }
  expect([portOf(1, own), portOf('web', own), portOf('81', own)]).toEqual([1, 8080, 81])
})
test('what a hook asks', () => {
  const to = { runtime: 'containerd/node-1', self: SELF }
  expect(hookRequest({ exec: { command: ['a'] } }, { name: 'c' }, 'x', to)).toMatchObject([
    { to: 'containerd/node-1', event: { call: 'ExecSync' } },
  ])
  expect(hookRequest({ httpGet: { port: 80 } }, { name: 'c' }, 'x', to)).toMatchObject([
    { to: 'container/node-1/x', event: { path: '/' } },
  ])
  expect(hookRequest({ tcpSocket: { port: 1 } }, { name: 'c' }, 'x', to)).toEqual([])
})
test('why a hook failed', () => {
  const exec = { exec: { command: ['sh', '-c', 'echo bad; exit 5'] } }
  expect(hookProblem(exec, 'c', pod(), { exitCode: 5, stdout: 'bad\n', stderr: '' })).toBe(
    'Exec lifecycle hook ([sh -c echo bad; exit 5]) for Container "c" in Pod "web_default(u1)" failed - error: ' +
      'command \'sh -c echo bad; exit 5\' exited with 5: , message: "bad\\n"',
  )
  expect(hookProblem(exec, 'c', pod(), { exitCode: 0 })).toBeUndefined()
  expect(hookProblem({ httpGet: { port: 80, path: '/x' } }, 'c', pod(), { statusCode: 500 })).toContain(
    'HTTP lifecycle hook (/x)',
  )
  expect(hookProblem({ httpGet: { port: 80 } }, 'c', pod(), { statusCode: 302 })).toBeUndefined()
})
test('the back-off counts from the last end that was seen, not from a kill of this very sync', () => {
  const actions = { killPod: false, createSandbox: false, attempt: 0, kill: [], start: ['c'] }
  const of = (view: ReturnType<typeof running>) => ({ ...atBirth(workerInput()), view, actions })
  const first = of(running(container()))
  expect(lengthened(first, DAY)).toEqual({})
  const second = of(running(container({ attempt: 1 }), exited(0)))
  const after = { ...second, ...lengthened(second, DAY + 6_000) }
  expect(after.restartBackOffs['c']).toEqual({ ms: 10_000, at: DAY + 6_000 })
  expect(isBackingOff(after, DAY + 9_000)).toBe(true)
  expect(isBackingOff(after, DAY + 10_000)).toBe(false)
})
