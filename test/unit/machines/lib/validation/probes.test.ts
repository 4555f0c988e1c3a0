import { expect, test } from 'vitest'
import { checkHandler, checkLifecycle, checkPort, checkProbes } from '../../../../../machines/lib/validation/probes.ts'
import { told } from './told.ts'

const probe = (rest: object) => ({ successThreshold: 1, tcpSocket: { port: 80 }, ...rest })
const of = (container: object) => told((found) => checkProbes(found, 'c', container as never, 30))
test.each([
  [{ livenessProbe: probe({}) }, []],
  [{ livenessProbe: { successThreshold: 1 } }, ['c.livenessProbe: Required value: must specify a handler type']],
  [
    { livenessProbe: probe({ exec: { command: ['x'] } }) },
    ['c.livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type'],
  ],
  [{ startupProbe: probe({ successThreshold: 2 }) }, ['c.startupProbe.successThreshold: Invalid value: 2: must be 1']],
  [
    { readinessProbe: probe({ periodSeconds: -1 }) },
    ['c.readinessProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0'],
  ],
  [
    { readinessProbe: probe({ terminationGracePeriodSeconds: 5 }) },
    ['c.readinessProbe.terminationGracePeriodSeconds: Invalid value: 5: must not be set for readinessProbes'],
  ],
  [
    { livenessProbe: probe({ terminationGracePeriodSeconds: 0 }) },
    ['c.livenessProbe.terminationGracePeriodSeconds: Invalid value: 0: must be greater than 0'],
  ],
])('%j', (container, expected) => {
  expect(of(container)).toEqual(expected)
})
test.each([
  [{ exec: {} }, ['h.exec.command: Required value']],
  [{ httpGet: { path: '', port: 0, scheme: 'X', httpHeaders: [{ name: 'a b', value: '' }] } }, 4],
  [{ grpc: { port: 0 } }, 1],
  [{ sleep: { seconds: 31 } }, 1],
  [{ sleep: { seconds: 3 } }, 0],
])('handler %j', (handler, expected) => {
  const found = told((into) => checkHandler(into, 'h', handler as never, 30))
  expect(typeof expected === 'number' ? found.length : found).toEqual(expected)
})
test('a port is a number or a name', () => {
  expect(told((found) => checkPort(found, 'p', 'http'))).toEqual([])
  expect(told((found) => checkPort(found, 'p', 70_000))).toEqual([
    'p: Invalid value: 70000: must be between 1 and 65535, inclusive',
  ])
})
test('a lifecycle has handlers', () => {
  expect(told((found) => checkLifecycle(found, 'l', { postStart: {}, preStop: {} }, 30))).toHaveLength(2)
  expect(told((found) => checkLifecycle(found, 'l', undefined, 30))).toEqual([])
})
