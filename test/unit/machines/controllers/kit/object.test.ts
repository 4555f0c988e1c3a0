import { describe, expect, test } from 'vitest'
import { type Decision, objectMachine } from '../../../../../machines/controllers/kit/object.ts'
import { happened } from '../../../../../machines/controllers/kit/sync.ts'
import { create, remove } from '../../../../../machines/lib/requests.ts'
import type { ObjectInput, View } from '../../../../../machines/protocol/cache.ts'
import { born, expectWhole } from '../../../../kit/chart.ts'
import { event, lost, ok, refused } from './replies.ts'

const user = { name: 'widget-controller', groups: [] }
const input: ObjectInput = {
  key: 'a',
  supervisor: 'widget-controller/cp-1',
  apiserver: 'kube-apiserver/cp-1',
  user,
  recorder: 'event-recorder/cp-1/widget-controller',
  reflectors: 'reflector/cp-1/kube-controller-manager',
}
const widget = { apiVersion: 'v1', kind: 'Widget', metadata: { name: 'a' } }
const place = { resource: 'parts', name: 'a' }
/** The view carries the decision, so that each test can say what it wants. */
const machine = objectMachine({
  id: 'widget',
  decide: (view) => (view as unknown as { wanted: Decision }).wanted,
  told: (_, { status }) => [happened(widget, 'Warning', 'FailedCreate', status?.message ?? '')],
})
const deciding = (wanted: Decision) =>
  born(machine, input).on(event({ type: 'sync.requested', view: { wanted } as unknown as View }))
const creation = { request: create(user, place, {}), event: happened(widget, 'Normal', 'Created', 'made it') }
const deletion = { request: remove(user, place), unless: ['NotFound'] }

describe('an object', () => {
  test('that wants nothing is done at once, and says when to look again', () => {
    expect(deciding({}).did('send')).toMatchObject([{ event: { type: 'sync.finished', key: 'a', outcome: 'done' } }])
    const later = deciding({ againAfterMs: 5, events: [happened(widget, 'Normal', 'Seen', 'seen')] })
    expect(later.did('send')).toMatchObject([{ event: { reason: 'Seen' } }, { event: { againAfterMs: 5 } }])
  })

  test('writes one after another and tells what it wrote', () => {
    const first = deciding({ writes: [creation, deletion] })
    expect(first.did('call')[0]?.event).toMatchObject({ verb: 'create' })
    const second = first.on(ok())
    expect(second.did('send')).toMatchObject([{ event: { reason: 'Created' } }])
    expect(second.did('call')[0]?.event).toMatchObject({ verb: 'delete' })
    const over = second.on(refused(404, 'NotFound'))
    expect(over.state).toBe('idle')
    expect(over.did('send')).toMatchObject([{ event: { outcome: 'done' } }])
  })

  test('fails with the first write that fails, and forgets what it saw', () => {
    const failed = deciding({ writes: [creation, deletion] }).on(refused(403, 'Forbidden', 'no'))
    expect(failed.did('send')).toMatchObject([{ event: { message: 'no' } }, { event: { outcome: 'failed' } }])
    expect(failed.context.decision).toEqual({})
    expect(
      deciding({ writes: [creation] })
        .on(lost())
        .did('send'),
    ).toMatchObject([{ event: { outcome: 'failed' } }])
    const late = deciding({ writes: [creation] }).after('request timeout')
    expect(late.did('hangUp')).toHaveLength(1)
    expect(late.did('send')).toMatchObject([{ event: { outcome: 'failed' } }])
  })

  test('may fail without a write, and end', () => {
    expect(deciding({ failed: true }).did('send')).toMatchObject([{ event: { outcome: 'failed' } }])
    const gone = deciding({ gone: true })
    expect(gone.done).toBe(true)
    expect(gone.did('send')).toMatchObject([{ event: { outcome: 'gone' } }])
  })
})

expectWhole(machine)
