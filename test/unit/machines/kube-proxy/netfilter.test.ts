import { expect, test } from 'vitest'
import { netfilter } from '../../../../machines/kube-proxy/netfilter.ts'
import { noRules, withService } from '../../../../machines/kube-proxy/rules.ts'
import { born, expectWhole } from '../../../kit/chart.ts'

const start = () =>
  born(netfilter, { mode: 'iptables', nodeIP: '10.0.0.1', clusterCIDR: '10.244.0.0/16', serviceCIDR: '10.96.0.0/12' })
const asker = { from: 'client/node-1/1', call: 3 }
const open = (destinationIp: string) => ({
  type: 'connection.opened',
  protocol: 'TCP',
  sourceIp: '10.244.1.9',
  destinationIp,
  port: 80,
  ordinal: 1,
})

test('before a proxy has written, pods are reached and services are not', () => {
  expect(start().on(open('10.244.1.2'), asker).did('answer')[0]?.event).toEqual({
    type: 'connection.routed',
    to: { ip: '10.244.1.2', port: 80 },
  })
  expect(start().on(open('10.96.0.9'), asker).did('answer')[0]?.event).toEqual({
    type: 'connection.routed',
    to: 'dropped',
  })
})

test('what was written stays until something else is written', () => {
  const web = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'a', name: 'web' },
    spec: { clusterIP: '10.96.0.9', ports: [{ port: 80 }] },
  }
  const rules = withService(noRules, 'a/web', web, [], { node: 'node-1', zone: undefined })
  const chart = start().on({ type: 'rules.written', view: 'rules@1', rules })
  expect(chart.on(open('10.96.0.9'), asker).did('answer')[0]?.event).toEqual({
    type: 'connection.routed',
    to: 'refused',
  })
  expect(chart.on({ type: 'tables.sought' }, asker).did('answer')[0]?.event).toEqual({ type: 'tables.found' })
  expect(chart.on({ type: 'rules.written', view: 'rules@2', rules: noRules }).context.rules).toBe(noRules)
})

expectWhole(netfilter)
