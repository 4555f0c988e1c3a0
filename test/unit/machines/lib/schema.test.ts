import { describe, expect, test } from 'vitest'
import {
  apiVersionOf,
  extended,
  nameOf,
  type OwnResource,
  resourceAt,
  resourceOf,
  resourceOfKind,
  resourceOfShortName,
} from '../../../../machines/lib/schema.ts'
import profile from '../../../../machines/profiles/v1.32/index.ts'

describe('a resource is found', () => {
  test('by its name, its kind, its path', () => {
    expect(resourceOf(profile, 'deployments.apps')?.kind).toBe('Deployment')
    expect(resourceOfKind(profile, 'v1', 'Pod')?.name).toBe('pods')
    expect(resourceAt(profile, 'apps', 'v1', 'replicasets')?.listKind).toBe('ReplicaSetList')
    expect(resourceOf(profile, 'deployments')).toBeUndefined()
  })
  test.each([
    ['po', 'pods'],
    ['Pods', 'pods'],
    ['deploy', 'deployments.apps'],
    ['deployment.apps', 'deployments.apps'],
    ['deployments.v1.apps', 'deployments.apps'],
    ['svc', 'services'],
    ['ev', 'events'],
    ['ep', 'endpoints'],
  ])('by what a user types: %s', (typed, name) => {
    expect(resourceOfShortName(profile, typed)?.name).toBe(name)
  })
})

describe('own kinds', () => {
  const own: OwnResource = {
    plural: 'widgets',
    group: 'example.org',
    version: 'v1',
    kind: 'Widget',
    namespaced: true,
    shortNames: ['wd'],
    subresources: ['status', 'scale'],
  }
  test('stand beside the built-in ones', () => {
    const more = extended(profile, [own])
    const widgets = resourceOfShortName(more, 'wd')
    expect(widgets).toMatchObject({
      name: 'widgets.example.org',
      apiVersion: 'example.org/v1',
      singular: 'widget',
      custom: true,
    })
    expect(widgets?.schema.properties?.metadata).toBe(
      profile.definitions['io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'],
    )
    expect(widgets?.subresourceFacts[1]).toMatchObject({ kind: 'Scale', kindGroupVersion: 'autoscaling/v1' })
    expect(resourceOf(more, 'pods')?.kind).toBe('Pod')
    expect(resourceOf(profile, 'widgets.example.org')).toBeUndefined()
  })
  test('none leave the profile as it is', () => {
    expect(extended(profile, [])).toBe(profile)
  })
})

test('names of the core group have no group', () => {
  expect([nameOf('pods', ''), nameOf('leases', 'coordination.k8s.io')]).toEqual(['pods', 'leases.coordination.k8s.io'])
  expect([apiVersionOf('', 'v1'), apiVersionOf('apps', 'v1')]).toEqual(['v1', 'apps/v1'])
})
