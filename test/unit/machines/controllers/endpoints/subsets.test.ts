import fc from 'fast-check'
import { expect, test } from 'vitest'
import { subsetsOf, truncated } from '../../../../../machines/controllers/endpoints/subsets.ts'
import { pod, service } from '../objects.ts'

const ips = (addresses: readonly { ip: string }[] | undefined) => addresses?.map(({ ip }) => ip)

test('ready and other addresses stand in one subset, in the order of their texts', () => {
  const pods = [
    pod('a', { ip: '10.244.0.9' }),
    pod('b', { ip: '10.244.0.10' }),
    pod('c', { ip: '10.244.0.3', ready: false }),
  ]
  const [subset, ...others] = subsetsOf(service('web'), pods)
  expect(others).toEqual([])
  expect(ips(subset?.addresses)).toEqual(['10.244.0.10', '10.244.0.9'])
  expect(ips(subset?.notReadyAddresses)).toEqual(['10.244.0.3'])
  expect(subset?.ports).toEqual([{ port: 8080, protocol: 'TCP' }])
  expect(subset?.addresses?.[0]).toEqual({
    ip: '10.244.0.10',
    nodeName: 'node-1',
    targetRef: { kind: 'Pod', name: 'b', namespace: 'default', uid: 'uid-b' },
  })
})

test('ports that the same pods offer share a subset, others do not', () => {
  const ports = [
    { name: 'a', port: 80, targetPort: 'http' },
    { name: 'b', port: 81, targetPort: 81, appProtocol: 'h2c' },
    { name: 'c', port: 82, targetPort: 82 },
  ]
  const offering = { spec: { containers: [{ name: 'c', ports: [{ name: 'http', containerPort: 8080 }] }] } }
  const found = subsetsOf(service('web', { ports }), [
    pod('a', { ip: '1.1.1.1', ...offering }),
    pod('b', { ip: '1.1.1.2' }),
  ])
  const offered = found.map((subset) => [ips(subset.addresses), subset.ports?.map(({ name }) => name).sort()])
  expect(offered).toContainEqual([['1.1.1.1'], ['a']])
  expect(offered).toContainEqual([
    ['1.1.1.1', '1.1.1.2'],
    ['b', 'c'],
  ])
})

test('a headless Service may have no ports; any other needs some', () => {
  expect(subsetsOf(service('web', { clusterIP: 'None', ports: [] }), [pod('a')])).toMatchObject([{ addresses: [{}] }])
  expect(subsetsOf(service('web', { ports: [] }), [pod('a')])).toEqual([])
})

test('not ready ones may be published, and those that terminate with them', () => {
  const going = pod('a', { ready: false, metadata: { deletionTimestamp: '2026-01-01T00:00:30Z' } })
  expect(subsetsOf(service('web'), [going])).toEqual([])
  expect(subsetsOf(service('web', { publishNotReadyAddresses: true }), [going])).toMatchObject([{ addresses: [{}] }])
  const six = service('web', { ipFamilies: ['IPv6'] })
  expect(subsetsOf(six, [pod('a')])).toEqual([])
})

test('the order of pods changes nothing', () => {
  const pods = Array.from({ length: 12 }, (_, i) => pod(`p-${i}`, { ip: `10.244.0.${i}`, ready: i % 3 > 0 }))
  const once = subsetsOf(service('web'), pods)
  fc.assert(
    fc.property(fc.shuffledSubarray(pods, { minLength: 12 }), (shuffled) => {
      expect(subsetsOf(service('web'), shuffled)).toEqual(once)
    }),
    { numRuns: 20 },
  )
})

test('at most 1000 addresses are kept, the ready ones first, of each subset its share', () => {
  const addresses = (count: number) => Array.from({ length: count }, (_, i) => ({ ip: `${i}` }))
  const few = [{ addresses: addresses(3) }]
  expect(truncated(few)).toBe(few)
  const unready = truncated([{ addresses: addresses(900), notReadyAddresses: addresses(200), ports: [{ port: 1 }] }])
  expect(unready).toMatchObject([{ addresses: { length: 900 }, notReadyAddresses: { length: 100 } }])
  const ready = truncated([
    { addresses: addresses(900), notReadyAddresses: addresses(5) },
    { addresses: addresses(300) },
  ])
  expect(ready.map((subset) => subset.addresses?.length)).toEqual([750, 250])
  expect(ready[0]?.notReadyAddresses).toBeUndefined()
})
