import { describe, expect, test } from 'vitest'
import { type Plan, planned } from '../../../../../machines/controllers/endpointslice/plan.ts'
import { type NewSlice, newSlice, written } from '../../../../../machines/controllers/endpointslice/slice.ts'
import type { EndpointSlice, Node, Pod, Service } from '../../../../../machines/protocol/objects.ts'
import { node, pod, service } from '../objects.ts'

const known = (name: string): Node | undefined => (name === 'node-1' ? node('node-1') : undefined)
const stored = (slice: NewSlice, name: string): EndpointSlice =>
  written({ ...slice, metadata: { ...slice.metadata, name } }) as EndpointSlice
const plan = (of: Service, pods: readonly Pod[], existing: readonly EndpointSlice[] = []): Plan =>
  planned(of, pods, existing, known)
/** The slices after a plan was carried out. */
const after = ({ create, update }: Plan, existing: readonly EndpointSlice[] = []) => {
  const touched = new Set(update.map(({ metadata }) => metadata.name))
  return [
    ...existing.filter(({ metadata }) => !touched.has(metadata.name)),
    ...update.map((each) => written(each) as EndpointSlice),
    ...create.map((each, i) => stored(each, `new-${i}`)),
  ]
}
const web = service('web')

describe('a Service', () => {
  test('without pods has one empty slice, and then wants nothing', () => {
    const first = plan(web, [])
    expect(first.create).toMatchObject([{ endpoints: [], ports: [] }])
    expect(plan(web, [], after(first))).toEqual({ create: [], update: [], remove: [] })
  })

  test('turns its placeholder into the slice of its first pods, and back', () => {
    const [placeholder] = after(plan(web, []))
    const filled = plan(web, [pod('a')], [placeholder as EndpointSlice])
    expect(filled).toMatchObject({ create: [], remove: [], update: [{ metadata: { name: 'new-0' } }] })
    expect(filled.update[0]?.ports).toEqual([{ name: '', port: 8080, protocol: 'TCP' }])
    const [full] = after(filled)
    const emptied = plan(web, [], [full as EndpointSlice])
    expect(emptied).toMatchObject({ create: [], remove: [], update: [{ endpoints: [], ports: [] }] })
  })

  test('has slices by the ports that its pods offer', () => {
    const named = service('web', { ports: [{ port: 80, targetPort: 'http' }] })
    const offering = (name: string, containerPort: number) =>
      pod(name, { spec: { containers: [{ name: 'c', ports: [{ name: 'http', containerPort }] }] } })
    const { create } = plan(named, [offering('a', 1), offering('b', 2), offering('c', 1)])
    expect(create.map(({ ports, endpoints }) => [ports[0]?.port, endpoints.length])).toEqual([
      [1, 2],
      [2, 1],
    ])
  })

  test('that is headless may have no ports', () => {
    const headless = service('web', { clusterIP: 'None', ports: undefined })
    expect(plan(headless, [pod('a')]).create).toMatchObject([{ ports: [], endpoints: [{ addresses: ['10.244.0.2'] }] }])
  })

  test('skips a pod on an unknown node and says so, unless all are published', () => {
    const lost = pod('a', { spec: { nodeName: 'gone' } })
    const { create, complaint } = plan(web, [lost])
    expect(create).toMatchObject([{ endpoints: [] }])
    expect(complaint).toBe('skipping Pod a for Service default/web: Node gone Not Found')
    const published = plan(service('web', { publishNotReadyAddresses: true }), [lost])
    expect(published.complaint).toBeUndefined()
    expect(published.create).toMatchObject([{ endpoints: [{ nodeName: 'gone' }] }])
  })

  test('replaces slices of an earlier Service of its name, and gets none when it is being deleted', () => {
    const foreign = stored(newSlice(service('web', {}, { uid: 'old' }), 'IPv4', []), 'web-old')
    const next = plan(web, [pod('a')], [foreign])
    expect(next.remove).toMatchObject([{ metadata: { name: 'web-old' } }])
    expect(next.create).toHaveLength(1)
    const ending = service('web', {}, { deletionTimestamp: '2026-01-01T00:00:01Z' })
    expect(plan(ending, [pod('a')])).toMatchObject({ create: [], update: [], remove: [] })
  })

  test('drops slices of a family that it no longer has', () => {
    const six = stored(newSlice(web, 'IPv6', []), 'six')
    expect(plan(web, [], [six]).remove).toMatchObject([{ metadata: { name: 'six' } }])
  })

  test('gets hints when it prefers close endpoints, also on slices that are otherwise right', () => {
    const zoned = () => node('node-1', 'True', { metadata: { labels: { 'topology.kubernetes.io/zone': 'za' } } })
    const close = service('web', { trafficDistribution: 'PreferClose' })
    const [plainSlice] = after(planned(web, [pod('a')], [], zoned))
    const { update } = planned(close, [pod('a')], [plainSlice as EndpointSlice], zoned)
    expect(update).toMatchObject([{ endpoints: [{ hints: { forZones: [{ name: 'za' }] } }] }])
  })
})
