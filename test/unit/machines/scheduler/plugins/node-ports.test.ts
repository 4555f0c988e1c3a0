import { expect, test } from 'vitest'
import { nodePorts } from '../../../../../machines/scheduler/plugins/node-ports.ts'
import { cacheWith, node, pod } from '../cluster.ts'
import { part, rejection } from './plugins.ts'

const porty = (hostPort: number, more: object = {}) => ({
  containers: [{ name: 'c', ports: [{ containerPort: 80, hostPort, ...more }] }],
})
const cache = cacheWith(
  [node('a')],
  [pod('p', { spec: { nodeName: 'a', ...porty(80, { hostIP: '127.0.0.1' }) } } as object)],
)

test.each([
  ['the same port, on every address', porty(80), true],
  ['the same port and address', porty(80, { hostIP: '127.0.0.1' }), true],
  ['another address', porty(80, { hostIP: '10.0.0.1' }), false],
  ['another protocol', porty(80, { protocol: 'UDP' }), false],
  ['another port', porty(81), false],
])('%s', (_, spec, taken) => {
  const why = "node(s) didn't have free ports for the requested pod ports"
  expect(rejection(nodePorts, spec, cache, 'a')).toBe(taken ? why : '')
})
test('takes part only when the pod wants a port of the node', () => {
  expect([part(nodePorts, 'preFilter', {}, cache), part(nodePorts, 'preFilter', porty(1), cache)]).toEqual([
    'skip',
    'on all',
  ])
})
