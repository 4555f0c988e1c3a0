import { describe, expect, test } from 'vitest'
import { MANAGER, reflectorsOf } from '../../../../../machines/cluster/examination/setting.ts'
import { BadExam, EXAMINER_USER, Sitting } from '../../../../../machines/cluster/examination/sitting.ts'
import { patch } from '../../../../../machines/lib/requests.ts'
import { makes, object, pod } from '../../../../examination/objects.ts'
import { examOf, good } from './toys.ts'

const exam = examOf(good)
const names = (sitting: Sitting): string =>
  sitting.cluster
    .get('configmaps', 'shop')
    .map(({ metadata }) => metadata.name)
    .join()

describe('a sitting', () => {
  test('has a manager with the one controller, and comes to its end', () => {
    const sitting = Sitting.begun(exam).employ()
    expect(sitting.run(30_000)).toBe(true)
    expect(sitting.cluster.state(MANAGER)).toBe('leading')
    const found = sitting.cluster.world.addresses.filter((each) => each.endsWith('-controller/manager'))
    expect(found).toEqual(['good-controller/manager'])
    expect([sitting.isOver, names(sitting)]).toEqual([true, 'kept'])
  })

  test('forks in the midst, and both go the same way', () => {
    const sitting = Sitting.begun(exam).employ()
    const { steps } = sitting.cluster.world.counts
    expect(sitting.run(60_000, steps + 200)).toBe(false)
    expect(sitting.cluster.world.counts.steps).toBe(steps + 200)
    const other = sitting.fork()
    for (const each of [sitting, other]) each.run(60_000)
    expect(other.essence).toEqual(sitting.essence)
    expect(other.cluster.world.counts).toEqual(sitting.cluster.world.counts)
  })

  test('reads from the servers that it is told', () => {
    const of = (reads: 'near' | 'far' | 'both'): readonly unknown[] => {
      const sitting = Sitting.begun(exam).employ(reads)
      sitting.run(30_000)
      return reflectorsOf(exam).map(
        (address) => (sitting.cluster.world.snapshot(address)?.context as { apiserver: string }).apiserver,
      )
    }
    expect(of('near')).toEqual(['kube-apiserver/cp-1', 'kube-apiserver/cp-1'])
    expect(of('far')).toEqual(['kube-apiserver/cp-2', 'kube-apiserver/cp-2'])
    expect(of('both')).toEqual(['kube-apiserver/cp-1', 'kube-apiserver/cp-2'])
  })

  test('gives objects with their status and their owners, and hands move', () => {
    const owned = pod('a', '10.0.0.1', {
      metadata: {
        ownerReferences: [{ apiVersion: 'v1', kind: 'Namespace', name: 'default', uid: 'uid of Namespace default' }],
      },
    })
    const place = { resource: 'pods', namespace: 'default', name: 'a' }
    const hand = () => [patch(EXAMINER_USER, place, 'merge', { metadata: { labels: { seen: 'yes' } } })]
    const sitting = Sitting.begun({ ...exam, given: [owned], hands: [hand] })
    expect(sitting.cluster.pod('a').ready).toBe(true)
    const [owner] = sitting.cluster.object('pods', 'a')?.metadata.ownerReferences ?? []
    expect(owner?.uid).toBe(sitting.cluster.object('namespaces', 'default')?.metadata.uid)
    sitting.run(sitting.cluster.now + 2_000)
    expect(sitting.cluster.object('pods', 'a')?.metadata.labels).toEqual({ seen: 'yes' })
  })

  test('does not take an examination that is wrong', () => {
    expect(() => Sitting.begun({ ...exam, given: [object('v9', 'Nothing', 'a')] })).toThrow(BadExam)
    const owned = object('v1', 'Namespace', 'a', { metadata: { labels: { of: 'uid of Pod nobody' } } })
    expect(() => Sitting.begun({ ...exam, given: [owned] })).toThrow('Pod nobody is to be given before whom it owns')
    expect(() => Sitting.begun({ ...exam, given: [object('v1', 'Namespace', 'A_B')] })).toThrow(
      /create namespaces A_B is refused/,
    )
    const refused = Sitting.begun({ ...exam, acts: [makes('namespaces', object('v1', 'Namespace', 'A_B'))] }).employ()
    expect(() => refused.run(30_000)).toThrow(/"make namespaces A_B" is refused/)
  })
})
