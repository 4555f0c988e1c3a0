import { expect, test } from 'vitest'
import { question, silence, type Target, verdictOn } from '../../../../../machines/kubelet/probe/verdict.ts'
import type { core } from '../../../../../machines/protocol/objects.ts'
import { answered, failed, lost } from '../fixtures.ts'

const target = (probe: core.Probe): Target => ({
  probe,
  podIP: '10.0.0.1',
  container: { name: 'c', ports: [{ name: 'web', containerPort: 8080 }] },
})
const HTTP = target({ httpGet: { port: 'web', path: '/h' } })
const TCP = target({ tcpSocket: { port: 81 } })
const GRPC = target({ grpc: { port: 82, service: 's' } })
const EXEC = target({ exec: { command: ['sleep', '10'] } })
const on = (to: Target, event: object) => verdictOn(to, event as never)
const TO = { runtime: 'containerd/n', container: 'container/n/x' }

test('what is asked of whom', () => {
  expect(question(EXEC, 'x', TO)).toMatchObject({ to: 'containerd/n', event: { call: 'ExecSync', timeoutSeconds: 1 } })
  expect(question(HTTP, 'x', TO)).toMatchObject({
    to: 'container/n/x',
    event: { kind: 'http', port: 8080, path: '/h', scheme: 'HTTP' },
  })
  expect(question(TCP, 'x', TO)).toMatchObject({ event: { kind: 'tcp', port: 81 } })
  expect(question(GRPC, 'x', TO)).toMatchObject({ event: { kind: 'grpc', service: 's' } })
})
test.each([
  [EXEC, answered({ exitCode: 0, stdout: '', stderr: '' }), 'success', ''],
  [EXEC, answered({ exitCode: 1, stdout: 'a', stderr: 'b' }), 'failure', 'ab'],
  [EXEC, failed('x', 'DeadlineExceeded'), 'failure', 'command timed out: "sleep 10" timed out after 1s'],
  [EXEC, failed('no'), 'error', 'rpc error: code = Unknown desc = no'],
  [EXEC, lost('probe'), 'error', 'rpc error: code = Unavailable desc = connection refused'],
  [HTTP, { type: 'probe.answered', statusCode: 399 }, 'success', ''],
  [HTTP, { type: 'probe.answered', statusCode: 400 }, 'failure', 'HTTP probe failed with statuscode: 400'],
  [HTTP, lost('probe'), 'failure', 'Get "http://10.0.0.1:8080/h": dial tcp 10.0.0.1:8080: connect: connection refused'],
  [TCP, { type: 'probe.answered' }, 'success', ''],
  [
    TCP,
    { type: 'probe.answered', error: 'connection refused' },
    'failure',
    'dial tcp 10.0.0.1:81: connect: connection refused',
  ],
  [GRPC, { type: 'probe.answered', serving: 'SERVING' }, 'success', ''],
  [
    GRPC,
    { type: 'probe.answered', serving: 'NOT_SERVING' },
    'failure',
    'service unhealthy (responded with "NOT_SERVING")',
  ],
])('%# an answer and its verdict', (to, event, result, output) => {
  expect(on(to as Target, event as object)).toEqual({ result, output })
})
test('silence', () => {
  expect(silence(HTTP).output).toBe(
    'Get "http://10.0.0.1:8080/h": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
  )
  expect(silence(TCP).output).toBe('dial tcp 10.0.0.1:81: i/o timeout')
  expect(silence(GRPC).output).toContain('failed to connect service "10.0.0.1:82" within 1s')
  expect(silence(EXEC).output).toContain('command timed out')
  expect(on(GRPC, lost('probe')).output).toContain('connection refused')
})
