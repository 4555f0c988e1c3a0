import { expect, test } from 'vitest'
import { apiserverBootstrap, firstObjects } from '../../../../machines/apiserver/bootstrap.ts'
import { born, expectWhole } from '../../../kit/chart.ts'

const input = { server: 'kube-apiserver/cp-1', ip: '192.0.2.1' }
const created = { type: 'api.answered', code: 201 }

test('everything is created in order; what exists already is as good', () => {
  let chart = born(apiserverBootstrap, input)
  const asked: string[] = []
  while (!chart.done) {
    const request = chart.did('call')[0]?.event as { resource: string; name: string } | undefined
    asked.push(`${request?.resource} ${request?.name}`)
    chart = chart.on(asked.length === 1 ? { type: 'api.answered', code: 409 } : created)
  }
  expect(asked).toEqual([
    'namespaces kube-system',
    'namespaces kube-public',
    'namespaces default',
    'namespaces kube-node-lease',
    'priorityclasses.scheduling.k8s.io system-node-critical',
    'priorityclasses.scheduling.k8s.io system-cluster-critical',
    'services kubernetes',
    'endpoints kubernetes',
    'endpointslices.discovery.k8s.io kubernetes',
  ])
  expect(asked).toHaveLength(firstObjects('192.0.2.1').length)
})

test('what fails, is lost or stays without answer is tried again', () => {
  const chart = born(apiserverBootstrap, input)
  expect(chart.on({ type: 'api.answered', code: 500 }).after('retry pause').state).toBe('creating')
  expect(chart.on({ type: 'call.lost', line: 'create', reason: 'reset' }).state).toBe('pausing')
  expect(chart.after('answer timeout').after('retry pause').did('call')).toHaveLength(1)
})

expectWhole(apiserverBootstrap)
