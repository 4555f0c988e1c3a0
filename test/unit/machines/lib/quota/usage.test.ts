import { expect, test } from 'vitest'
import { isAbout, namesFor, usageOf, usageOfAll } from '../../../../../machines/lib/quota/usage.ts'
import { AT, object, pod, service } from '../../controllers/objects.ts'

const claim = (spec: Record<string, unknown>, more: Parameters<typeof object>[3] = {}) =>
  object('v1', 'PersistentVolumeClaim', 'data', { spec, ...more })

test('kinds are counted by their names, some plainly too', () => {
  expect(usageOf('secrets', object('v1', 'Secret', 's'), AT)).toEqual({ 'count/secrets': '1', secrets: '1' })
  expect(usageOf('deployments.apps', object('apps/v1', 'Deployment', 'd'), AT)).toEqual({
    'count/deployments.apps': '1',
  })
})
test('a service counts its node ports and its balancer', () => {
  const ports = [{ port: 80, nodePort: 30_080 }, { port: 81 }]
  const amounts = (spec: Record<string, unknown>) => {
    const usage = usageOf('services', service('web', { ports, ...spec }), AT)
    return [usage['services.nodeports'], usage['services.loadbalancers']]
  }
  expect(amounts({ type: 'ClusterIP' })).toEqual(['0', '0'])
  expect(amounts({ type: 'NodePort' })).toEqual(['2', '0'])
  expect(amounts({ type: 'LoadBalancer' })).toEqual(['2', '1'])
  expect(amounts({ type: 'LoadBalancer', allocateLoadBalancerNodePorts: false })).toEqual(['1', '1'])
})
test('a claim counts its size, of its class too', () => {
  const spec = { storageClassName: 'fast', resources: { requests: { storage: '1Gi' } } }
  expect(usageOf('persistentvolumeclaims', claim(spec), AT)).toEqual({
    'count/persistentvolumeclaims': '1',
    persistentvolumeclaims: '1',
    'requests.storage': '1Gi',
    'fast.storageclass.storage.k8s.io/persistentvolumeclaims': '1',
    'fast.storageclass.storage.k8s.io/requests.storage': '1Gi',
  })
  const grown = { status: { allocatedResources: { storage: '2Gi' } } }
  expect(usageOf('persistentvolumeclaims', claim(spec, grown), AT)).toMatchObject({ 'requests.storage': '2Gi' })
  expect(usageOf('persistentvolumeclaims', claim({}), AT)).toEqual({
    'count/persistentvolumeclaims': '1',
    persistentvolumeclaims: '1',
  })
})
test('each kind uses up names of its own', () => {
  const names = [
    'pods',
    'services',
    'secrets',
    'requests.storage',
    'count/jobs.batch',
    'x.storageclass.storage.k8s.io/requests.storage',
  ]
  const kinds = ['pods', 'services', 'secrets', 'persistentvolumeclaims', 'jobs.batch', 'configmaps']
  expect(kinds.map((kind) => namesFor(kind, names).length)).toEqual([1, 1, 1, 2, 1, 0])
})
test('scopes are about pods alone', () => {
  const spec = { scopes: ['NotTerminating'] }
  expect(isAbout(spec, 'pods', pod('p'))).toBe(true)
  expect(isAbout(spec, 'secrets', object('v1', 'Secret', 's'))).toBe(false)
  expect(isAbout({}, 'secrets', object('v1', 'Secret', 's'))).toBe(true)
})
test('all together, zero where nobody uses any', () => {
  const pods = [pod('a'), pod('b'), pod('done', { status: { phase: 'Failed' } })]
  expect(usageOfAll({}, 'pods', ['pods', 'count/pods', 'cpu'], pods, AT)).toEqual({
    pods: '2',
    'count/pods': '3',
    cpu: '0',
  })
  expect(usageOfAll({ scopes: ['Terminating'] }, 'pods', ['pods'], pods, AT)).toEqual({ pods: '0' })
})
