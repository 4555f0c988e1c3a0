import { describe, expect, test } from 'vitest'
import { controllerManager, parts } from '../../../../machines/controller-manager/parts.ts'
import { controllers } from '../../../../machines/controllers/index.ts'
import type { Member } from '../../../../machines/controllers/kit/controller.ts'
import type { ReflectorInput } from '../../../../machines/protocol/cache.ts'

const members: readonly Member[] = [
  { name: 'widget', caches: [{ resource: 'pods', indexes: ['owner'], only: 'deletions' }, { resource: 'widgets' }] },
  {
    name: 'gadget',
    component: 'widget-controller',
    serviceAccount: 'maker',
    caches: [{ resource: 'pods', indexes: ['node', 'owner'] }],
  },
]
const all = parts('cp-1', 'kube-apiserver/cp-1', members)
const at = (address: string) => all.find((part) => part.address === address)

describe('the parts of a controller manager', () => {
  test('are controllers before reflectors, each address once', () => {
    const addresses = all.map(({ address }) => address)
    expect(new Set(addresses).size).toBe(addresses.length)
    expect(addresses).toEqual([
      'event-recorder/cp-1/widget-controller',
      'api-client/cp-1/widget-controller',
      'widget-controller/cp-1',
      'api-client/cp-1/gadget-controller',
      'gadget-controller/cp-1',
      'reflector/cp-1/kube-controller-manager/pods',
      'reflector/cp-1/kube-controller-manager/widgets',
    ])
  })

  test('share one reflector a resource, with every index that somebody wants', () => {
    expect(at('reflector/cp-1/kube-controller-manager/pods')?.input as ReflectorInput).toMatchObject({
      indexes: ['node', 'owner'],
      subscribers: [{ to: 'widget-controller/cp-1', only: 'deletions' }, { to: 'gadget-controller/cp-1' }],
    })
  })

  test('ask as their own service account, through a limited client', () => {
    expect(at('gadget-controller/cp-1')?.input).toMatchObject({
      apiserver: 'api-client/cp-1/gadget-controller',
      user: { name: 'system:serviceaccount:kube-system:maker' },
      recorder: 'event-recorder/cp-1/widget-controller',
      reflectors: 'reflector/cp-1/kube-controller-manager',
    })
    expect(at('api-client/cp-1/gadget-controller')?.input).toMatchObject({ perSecond: 20, burst: 30 })
    const unlimited = parts('cp-1', 'kube-apiserver/cp-1', members, { rate: undefined })
    expect(unlimited.find(({ address }) => address === 'gadget-controller/cp-1')?.input).toMatchObject({
      apiserver: 'kube-apiserver/cp-1',
    })
  })

  test('come with the lead, the recorder of the process at once', () => {
    const process = controllerManager('cp-1', 'kube-apiserver/cp-1', members)
    expect(process).toMatchObject({
      lease: 'kube-controller-manager',
      recorder: 'event-recorder/cp-1/kube-controller-manager',
    })
    expect(process.always.map(({ address }) => address)).toEqual(['event-recorder/cp-1/kube-controller-manager'])
    expect(process.leading).toEqual(all)
  })
})

test('every listed controller has its machine', () => {
  for (const { member, machines } of controllers)
    expect(machines.map(({ id }) => id)).toContain(`${member.name}-controller`)
})
