import { describe, expect, test } from 'vitest'
import { createCluster } from '../../../../../machines/cluster/create.ts'
import { sameJson } from '../../../../../machines/lib/go-text.ts'
import { decoded } from '../../../../../machines/lib/schema/decoding.ts'
import { defaulted } from '../../../../../machines/lib/schema/defaults.ts'
import { isSettled, settle } from '../../../../../machines/lib/schema/settled.ts'
import { type ResourceFacts, resourceOf, type Schema } from '../../../../../machines/lib/schema.ts'
import profile from '../../../../../machines/profiles/v1.32/index.ts'
import type { ApiObject } from '../../../../../machines/protocol/objects.ts'

const facts = (name: string): ResourceFacts => resourceOf(profile, name) as ResourceFacts
const specOf = (name: string): Schema => facts(name).schema.properties?.['spec'] as Schema
const propertiesOf = (schema: Schema) => schema.properties as NonNullable<Schema['properties']>

describe('a value that was written', () => {
  const podSpec = { containers: [{ name: 'web', nobody: 'looks' }], securityContext: {} }
  const spec = { replicas: 1, template: { metadata: {}, spec: podSpec } }
  settle(specOf('deployments.apps'), spec)

  test('is settled as its type, and as no other', () => {
    expect(isSettled(propertiesOf(specOf('deployments.apps')), spec)).toBe(true)
    expect(isSettled(propertiesOf(specOf('replicasets.apps')), spec)).toBe(false)
  })
  test('settles the structs in it: the spec of a template is a pod spec anywhere', () => {
    expect(isSettled(propertiesOf(specOf('pods')), podSpec)).toBe(true)
    expect(isSettled(propertiesOf(specOf('pods')), { ...podSpec })).toBe(false)
  })
  test('is taken as it is, whatever is in it', () => {
    const pods = facts('pods')
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: podSpec, status: {} }
    expect((decoded(pods.schema, pod).value as typeof pod).spec).toBe(podSpec)
  })
})

test('what a cluster has stored would be read as it is, with all its defaults', () => {
  const cluster = createCluster({ nodes: 2 })
  cluster.apply(WORKLOADS)
  cluster.runUntil(() => cluster.get('pods').length >= 4, { within: '5m' })
  cluster.run('1m')
  for (const resource of ['deployments.apps', 'replicasets.apps', 'pods', 'nodes', 'services', 'namespaces']) {
    const stored = cluster.get<ApiObject>(resource)
    expect(stored.length).toBeGreaterThan(0)
    for (const object of stored) {
      const { value } = decoded(facts(resource).schema, structuredClone(object))
      expect(sameJson(defaulted(facts(resource), value), object), `${resource} ${object.metadata.name}`).toBe(true)
    }
  }
})

const WORKLOADS = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: nginx, ports: [{ containerPort: 80 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: one }
spec:
  volumes: [{ name: v, emptyDir: {} }]
  containers: [{ name: c, image: nginx, resources: { limits: { cpu: 100m } }, volumeMounts: [{ name: v, mountPath: /v }] }]
---
apiVersion: v1
kind: Pod
metadata: { name: other }
spec:
  initContainers: [{ name: i, image: nginx, command: [sh, -c, exit 0] }]
  containers: [{ name: c, image: nginx, livenessProbe: { httpGet: { port: 80 } } }]
`
