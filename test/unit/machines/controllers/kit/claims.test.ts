import { describe, expect, test } from 'vitest'
import { claimPatch, claims, isSettled, mayAdopt } from '../../../../../machines/controllers/kit/claims.ts'
import type { ApiObject } from '../../../../../machines/protocol/objects.ts'
import { Tree } from '../../../../../runtime/tree.ts'

const owner: ApiObject = { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'web', uid: 'u' } }
const pod = (name: string, app: string, deleted = false): ApiObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    uid: name,
    labels: { app },
    ...(deleted ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
  },
})
const tree = (...pods: ApiObject[]) => Tree.of(pods.map((each) => [each.metadata.name, each] as const))
const matches = ({ metadata }: ApiObject) => metadata.labels?.app === 'web'

describe('claims', () => {
  test('adopt matching orphans that stay and release what no longer matches', () => {
    const found = claims(
      owner,
      tree(pod('a', 'web'), pod('b', 'debug')),
      tree(pod('c', 'web'), pod('d', 'other'), pod('e', 'web', true)),
      matches,
    )
    expect(found.map(({ what, object }) => [what, object.metadata.name])).toEqual([
      ['release', 'b'],
      ['adopt', 'c'],
    ])
    expect(claims(owner, undefined, undefined, matches)).toEqual([])
  })

  test('are none of one that is being deleted', () => {
    const dying = { ...owner, metadata: { ...owner.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } }
    expect(claims(dying, tree(pod('b', 'debug')), tree(pod('c', 'web')), matches)).toEqual([])
    expect(mayAdopt(owner, dying)).toBe(false)
    expect(mayAdopt(owner, owner)).toBe(true)
    expect(mayAdopt(owner, { ...owner, metadata: { name: 'web', uid: 'another' } })).toBe(false)
  })

  test('are patches that hold for this very object', () => {
    expect(claimPatch(owner, { what: 'adopt', object: pod('c', 'web') })).toMatchObject({
      metadata: { uid: 'c', ownerReferences: [{ uid: 'u', controller: true, blockOwnerDeletion: true }] },
    })
    expect(claimPatch(owner, { what: 'release', object: pod('b', 'web') })).toEqual({
      metadata: { uid: 'b', ownerReferences: [{ $patch: 'delete', uid: 'u' }] },
    })
  })

  test.each([
    ['adopt', 200, true],
    ['adopt', 404, true],
    ['adopt', 422, false],
    ['release', 422, true],
    ['release', 500, false],
  ] as const)('%s answered with %i: settled is %s', (what, code, settled) => {
    expect(isSettled({ what, object: owner }, code)).toBe(settled)
  })
})
