import { expect, test } from 'vitest'
import { etcdKey, placeOf } from '../../../../machines/apiserver/etcd-keys.ts'
import { factsOf, served } from '../../../../machines/apiserver/served.ts'
import type { ResourceFacts } from '../../../../machines/lib/schema.ts'

const own = [{ plural: 'crontabs', group: 'stable.example.com', version: 'v1', kind: 'CronTab', namespaced: true }]

test.each([
  ['pods', 'default/p', '/registry/pods/default/p'],
  ['nodes', 'node-1', '/registry/minions/node-1'],
  ['services', 'default/s', '/registry/services/specs/default/s'],
  ['endpoints', 'default/s', '/registry/services/endpoints/default/s'],
  ['deployments.apps', 'default/d', '/registry/deployments/default/d'],
  ['leases.coordination.k8s.io', 'kube-node-lease/n', '/registry/leases/kube-node-lease/n'],
  ['ingresses.networking.k8s.io', 'default/i', '/registry/ingress/default/i'],
  ['events', 'default/e', '/registry/events/default/e'],
  ['crontabs.stable.example.com', 'default/c', '/registry/stable.example.com/crontabs/default/c'],
])('%s %s lies under %s, and is found there', (resource, path, key) => {
  expect(etcdKey(factsOf(own, resource) as ResourceFacts, path)).toBe(key)
  expect(placeOf(key, served(own).prefixes)).toEqual([resource, path])
})

test.each(['compact_rev_key', '/registry/masterleases/192.0.2.1', '/registry/health'])('%s is no object', (key) => {
  expect(placeOf(key, served(own).prefixes)).toBeUndefined()
})
