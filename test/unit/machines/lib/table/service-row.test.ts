import { describe, expect, test } from 'vitest'
import { labelsText, serviceCells } from '../../../../../machines/lib/table/service-row.ts'
import type { Json } from '../recordings.ts'

const NOW = Date.UTC(2026, 0, 1)
const of = (object: Json): never =>
  ({ metadata: { name: 'x', creationTimestamp: '2025-12-31T23:59:00Z' }, ...object }) as never

describe('a Service shows where it is reached', () => {
  test.each([
    [
      { type: 'ClusterIP', clusterIPs: ['10.0.0.1'], ports: [{ port: 80, protocol: 'TCP' }] },
      ['10.0.0.1', '<none>', '80/TCP'],
    ],
    [
      { type: 'NodePort', externalIPs: ['1.2.3.4'], ports: [{ port: 80, nodePort: 30_080, protocol: 'TCP' }] },
      ['<none>', '1.2.3.4', '80:30080/TCP'],
    ],
    [{ type: 'ExternalName', externalName: 'a.example' }, ['<none>', 'a.example', '<none>']],
    [{ type: 'LoadBalancer' }, ['<none>', '<pending>', '<none>']],
  ])('%j', (spec, expected) => {
    expect(serviceCells(of({ spec }), NOW).slice(2, 5)).toEqual(expected)
  })
  test('and the addresses of its balancer', () => {
    const status = { loadBalancer: { ingress: [{ ip: '1.1.1.2' }, { hostname: 'a.example' }, { ip: '1.1.1.1' }] } }
    expect(serviceCells(of({ spec: { type: 'LoadBalancer', externalIPs: ['9.9.9.9'] }, status }), NOW)[3]).toBe(
      '1.1.1.1,1.1.1.2,a.example,9.9.9.9',
    )
  })
  test('and its selector', () => {
    expect([labelsText({ b: '2', a: '1' }), labelsText({})]).toEqual(['a=1,b=2', '<none>'])
  })
})
