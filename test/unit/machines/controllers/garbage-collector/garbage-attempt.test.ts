import { describe, expect, test } from 'vitest'
import { absentKeys, garbageAttempt } from '../../../../../machines/controllers/garbage-collector/garbage-attempt.ts'
import type { Identity } from '../../../../../machines/controllers/garbage-collector/graph.ts'
import type { AttemptInput } from '../../../../../machines/controllers/garbage-collector/words.ts'
import type { OwnerReference } from '../../../../../machines/protocol/objects.ts'
import { born, expectWhole } from '../../../../kit/chart.ts'
import { lost, ok, refused } from '../kit/replies.ts'
import { controllerInput, object } from '../objects.ts'

const identity = (name: string, namespace: string | undefined = 'default'): Identity => ({
  uid: `uid-${name}`,
  resource: 'configmaps',
  apiVersion: 'v1',
  kind: 'ConfigMap',
  namespace,
  name,
})
const owner = (name: string, rest: Partial<OwnerReference> = {}): OwnerReference => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  name,
  uid: `uid-${name}`,
  ...rest,
})
const map = (name: string, owners: readonly OwnerReference[] = [], metadata = {}) =>
  object('v1', 'ConfigMap', name, { metadata: { namespace: 'default', ownerReferences: owners, ...metadata } })
const waitingMap = (name: string) =>
  map(name, [], { deletionTimestamp: '2026-01-01T00:00:30Z', finalizers: ['foregroundDeletion'] })
const start = (rest: Partial<AttemptInput> = {}) =>
  born(garbageAttempt, {
    ...controllerInput,
    collector: 'garbage-collector-controller/cp-1',
    task: 'delete',
    item: identity('c'),
    isDeletingDependents: false,
    isBlocked: false,
    hasDependents: false,
    hasWaitingDependents: false,
    dependents: [],
    absent: [],
    ownKinds: [],
    ...rest,
  } satisfies AttemptInput)
const finished = (outcome: string) => [{ event: { type: 'attempt.finished', uid: 'uid-c', outcome } }]
const notFound = refused(404, 'NotFound')
const broken = refused(500, 'InternalError')
const request = (chart: { did(verb: 'call'): readonly { event: unknown }[] }) => chart.did('call')[0]?.event

describe('an object whose owners are looked at', () => {
  test('goes when all of them are gone, and that is remembered', () => {
    const asking = start().on(ok(map('c', [owner('a')])))
    expect(request(asking)).toMatchObject({ verb: 'get', name: 'a', namespace: 'default' })
    const deleting = asking.on(notFound)
    expect(request(deleting)).toMatchObject({
      verb: 'delete',
      name: 'c',
      options: { propagationPolicy: 'Background', preconditions: { uid: 'uid-c' } },
    })
    const over = deleting.on(ok())
    expect(over.did('send')).toMatchObject([
      { event: { outcome: 'done', absent: [absentKeys(owner('a'), identity('c'))[1]] } },
    ])
    expect(deleting.on(notFound).did('send')).toMatchObject(finished('done'))
    expect(deleting.on(broken).did('send')).toMatchObject(finished('failed'))
  })

  test('goes as its own finalizers ask for', () => {
    const deleting = (finalizer: string) =>
      request(
        start()
          .on(ok(map('c', [owner('a')], { finalizers: [finalizer] })))
          .on(ok(map('other'))),
      )
    expect(deleting('orphan')).toMatchObject({ options: { propagationPolicy: 'Orphan' } })
    expect(deleting('foregroundDeletion')).toMatchObject({ options: { propagationPolicy: 'Foreground' } })
  })

  test('is not asked about owners that are known to be gone', () => {
    const absent = absentKeys(owner('a'), identity('c'))
    const deleting = start({ absent }).on(ok(map('c', [owner('a')])))
    expect(request(deleting)).toMatchObject({ verb: 'delete' })
  })

  test('stays while an owner is there, and drops its references to the others', () => {
    const asking = start().on(ok(map('c', [owner('a'), owner('b')])))
    expect(
      asking
        .on(ok(map('a')))
        .on(ok(map('b')))
        .did('send'),
    ).toMatchObject(finished('done'))
    const dropping = asking.on(ok(map('a'))).on(notFound)
    expect(request(dropping)).toMatchObject({
      verb: 'patch',
      body: { metadata: { uid: 'uid-c', ownerReferences: [{ $patch: 'delete', uid: 'uid-b' }] } },
    })
    expect(dropping.on(ok()).did('send')).toMatchObject(finished('done'))
    expect(dropping.on(broken).did('send')).toMatchObject(finished('failed'))
    expect(asking.on(broken).did('send')).toMatchObject(finished('failed'))
  })

  test('with dependents of its own goes in the foreground when its owner waits for it', () => {
    const found = ok(map('c', [owner('a', { blockOwnerDeletion: true })]))
    const deleting = start({ hasDependents: true })
      .on(found)
      .on(ok(waitingMap('a')))
    expect(request(deleting)).toMatchObject({ verb: 'delete', options: { propagationPolicy: 'Foreground' } })
    expect(deleting.on(ok()).did('send')).toMatchObject(finished('done'))
    expect(deleting.on(broken).did('send')).toMatchObject(finished('failed'))
    const unblocking = start({ hasDependents: true, hasWaitingDependents: true })
      .on(found)
      .on(ok(waitingMap('a')))
    expect(request(unblocking)).toMatchObject({
      body: { metadata: { ownerReferences: [{ blockOwnerDeletion: false }] } },
    })
    expect(unblocking.on(ok()).state).toBe('working.deletingInForeground')
    expect(unblocking.on(broken).did('send')).toMatchObject(finished('failed'))
    const alone = start()
      .on(found)
      .on(ok(waitingMap('a')))
    expect(request(alone)).toMatchObject({ options: { propagationPolicy: 'Background' } })
  })

  test.each([
    ['is done when it has none', map('c'), 'default', 'done'],
    ['fails when nobody knows the kind of one', map('c', [owner('a', { kind: 'Nonsense' })]), 'default', 'failed'],
    ['is left alone when it has no namespace and its owner has', map('c', [owner('a')]), undefined, 'done'],
  ])('%s', (_, found, namespace, expected) => {
    const item = { ...identity('c'), namespace }
    expect(start({ item }).on(ok(found)).did('send')).toMatchObject(finished(expected))
  })

  test('is absent when it is not there, or is another one', () => {
    expect(start().on(notFound).did('send')).toMatchObject(finished('absent'))
    expect(
      start()
        .on(ok(map('other')))
        .did('send'),
    ).toMatchObject(finished('absent'))
    expect(start().on(broken).did('send')).toMatchObject(finished('failed'))
    expect(start().on(lost()).did('send')).toMatchObject(finished('failed'))
    expect(start().after('request timeout').did('send')).toMatchObject(finished('failed'))
  })
})

describe('an object that waits for its dependents', () => {
  test('waits while one blocks it, and loses its finalizer then', () => {
    expect(
      start({ isDeletingDependents: true, isBlocked: true })
        .on(ok(waitingMap('c')))
        .did('send'),
    ).toMatchObject(finished('blocked'))
    const removing = start({ isDeletingDependents: true }).on(ok(waitingMap('c')))
    expect(request(removing)).toMatchObject({ patchType: 'merge', body: { metadata: { finalizers: [] } } })
    expect(removing.on(ok()).did('send')).toMatchObject(finished('done'))
    expect(removing.on(broken).did('send')).toMatchObject(finished('failed'))
    const reading = removing.on(refused(409, 'Conflict'))
    expect(reading.state).toBe('working.readingOwner')
    expect(reading.on(notFound).did('send')).toMatchObject(finished('done'))
    expect(reading.on(broken).did('send')).toMatchObject(finished('failed'))
  })
})

describe('an object whose dependents are to be orphaned', () => {
  const orphaning = () => start({ task: 'orphan', dependents: [identity('a'), identity('b')] })

  test('lets all of them go at once, and then loses its finalizer', () => {
    const patching = orphaning()
    expect(patching.did('call').map(({ line }) => line)).toEqual(['uid-a', 'uid-b'])
    const reading = patching.on(ok()).on(notFound)
    expect(reading.state).toBe('working.readingOwner')
    const removing = reading.on(ok(map('c', [], { finalizers: ['orphan', 'x'] })))
    expect(request(removing)).toMatchObject({ body: { metadata: { finalizers: ['x'] } } })
    expect(start({ task: 'orphan' }).state).toBe('working.readingOwner')
  })

  test('fails when one of them could not be asked', () => {
    expect(orphaning().on(ok()).on(broken).did('send')).toMatchObject(finished('failed'))
    expect(orphaning().on(lost('uid-a')).on(ok()).did('send')).toMatchObject(finished('failed'))
  })
})

expectWhole(garbageAttempt)
