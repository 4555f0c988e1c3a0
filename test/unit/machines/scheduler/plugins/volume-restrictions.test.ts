import { expect, test } from 'vitest'
import { sharesDisk, volumeRestrictions } from '../../../../../machines/scheduler/plugins/volume-restrictions.ts'
import { podInfoOf } from '../../../../../machines/scheduler/pod-info.ts'
import { infoOf, node, pod } from '../cluster.ts'
import { part, rejection } from './plugins.ts'
import { claiming, named, storing } from './volumes.ts'

const holding = (volume: object) => ({ volumes: [{ name: 'v', ...volume }] })
const gce = (pdName: string, readOnly = false) => ({ gcePersistentDisk: { pdName, readOnly } })
const iscsi = (iqn: string, readOnly = false) => ({ iscsi: { iqn, readOnly, lun: 0, targetPortal: '' } })
const rbd = (monitors: string[], image: string, more: object = {}) => ({ rbd: { monitors, image, ...more } })
const ebs = (volumeID: string) => ({ awsElasticBlockStore: { volumeID, readOnly: true } })

test.each([
  ['a disk that somebody writes', gce('a'), gce('a', true), true],
  ['a disk that all only read', gce('a', true), gce('a', true), false],
  ['another disk', gce('a'), gce('b'), false],
  ['an EBS volume, even read-only', ebs('a'), ebs('a'), true],
  ['another EBS volume', ebs('a'), ebs('b'), false],
  ['an iSCSI target', iscsi('a'), iscsi('a'), true],
  ['an iSCSI target that all only read', iscsi('a', true), iscsi('a', true), false],
  ['an RBD image through one monitor in common', rbd(['x', 'y'], 'a'), rbd(['y'], 'a', { pool: 'rbd' }), true],
  ['an RBD image of another pool', rbd(['x'], 'a'), rbd(['x'], 'a', { pool: 'p' }), false],
  ['an RBD image of other monitors', rbd(['x'], 'a'), rbd(['y'], 'a'), false],
  ['different kinds', gce('a'), ebs('a'), false],
])('%s', (_, mine, theirs, conflict) => {
  const other = pod('p', { spec: { nodeName: 'n', ...holding(theirs) } } as object)
  const cache = storing([node('n')], [other], {})
  expect(rejection(volumeRestrictions, holding(mine), cache, 'n')).toBe(conflict ? 'node(s) had no available disk' : '')
  expect(sharesDisk(pod('web', { spec: holding(mine) } as object), other)).toBe(conflict)
})
test('a claim for one pod alone is taken by the first', () => {
  const claims = {
    persistentvolumeclaims: [
      named('one', { spec: { accessModes: ['ReadWriteOncePod'] } }),
      named('any', { spec: { accessModes: ['ReadWriteOnce'] } }),
    ],
  }
  const user = pod('p', { spec: { nodeName: 'n', ...claiming('one', 'any') } } as object)
  const free = storing([node('n')], [], claims)
  const taken = storing([node('n')], [user], claims)
  expect([
    part(volumeRestrictions, 'preFilter', claiming('one'), free),
    part(volumeRestrictions, 'preFilter', claiming('any'), taken),
  ]).toEqual(['skip', 'skip'])
  expect(rejection(volumeRestrictions, claiming('one', 'one'), taken, 'n')).toBe(
    'node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode',
  )
  const web = podInfoOf(pod('web', { spec: claiming('one') } as object))
  const without = volumeRestrictions.adjusted?.(web, podInfoOf(user), infoOf(taken, 'n'), -1, {
    exclusive: ['one'],
    uses: 1,
  })
  expect(without).toEqual({ exclusive: ['one'], uses: 0 })
})
test('a claim has to be there', () => {
  expect(part(volumeRestrictions, 'preFilter', claiming('gone'), storing([node('n')], [], {}))).toBe(
    'UnschedulableAndUnresolvable: persistentvolumeclaim "gone" not found',
  )
})
