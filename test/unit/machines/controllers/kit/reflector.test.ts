import { describe, expect, test } from 'vitest'
import { reflector } from '../../../../../machines/controllers/kit/reflector.ts'
import type { ReflectorInput } from '../../../../../machines/protocol/cache.ts'
import type { ApiObject } from '../../../../../machines/protocol/objects.ts'
import { born, expectWhole } from '../../../../kit/chart.ts'
import { event, listed, lost, refused } from './replies.ts'

const input: ReflectorInput = {
  apiserver: 'kube-apiserver/cp-1',
  user: { name: 'system:kube-controller-manager', groups: [] },
  resource: 'pods',
  fieldSelector: 'spec.nodeName=node-1',
  labelSelector: 'app',
  indexes: ['node'],
  subscribers: [{ to: 'all/cp-1' }, { to: 'deletions/cp-1', only: 'deletions' }],
}
const pod = (name: string, version: number): ApiObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', resourceVersion: `${version}` },
})
const added = (name: string, version: number, type = 'ADDED') => ({
  type: 'watch.events',
  changes: [{ type, key: `default/${name}`, object: pod(name, version) }],
  resourceVersion: `${version}`,
})
const ended = (reason: string) => ({ type: 'stream.ended', line: 'watch', reason })
const listing = () => born(reflector, input)
const watching = () => listing().on(listed([pod('a', 5)], '5'))

describe('a reflector', () => {
  test('lists first from any cache, fills everybody and watches from there', () => {
    const chart = listing()
    expect(chart.did('call')[0]?.event).toMatchObject({
      verb: 'list',
      options: { resourceVersion: '0', fieldSelector: 'spec.nodeName=node-1', labelSelector: 'app' },
    })
    const filled = watching()
    expect(filled.state).toBe('watching')
    expect(filled.did('send').map(({ to }) => to)).toEqual(['all/cp-1', 'deletions/cp-1'])
    expect(filled.did('send')[1]?.event).toMatchObject({ filled: true, deltas: [{ key: 'default/a' }] })
    const { verb, options } = filled.did('stream')[0]?.event as unknown as {
      verb: string
      options: { timeoutSeconds: number }
    }
    expect(verb).toBe('watch')
    expect(options).toMatchObject({ resourceVersion: '5', allowWatchBookmarks: true })
    expect(options.timeoutSeconds).toBeGreaterThanOrEqual(300)
    expect(options.timeoutSeconds).toBeLessThan(600)
  })

  test('tells changes to all and deletions to those who want them only', () => {
    const changed = watching().on(added('b', 6))
    expect(changed.did('send').map(({ to }) => to)).toEqual(['all/cp-1'])
    const deleted = changed.on(added('a', 7, 'DELETED'))
    expect(deleted.did('send').map(({ to }) => to)).toEqual(['all/cp-1', 'deletions/cp-1'])
    expect(deleted.context.cache.objects.keys()).toEqual(['default/b'])
  })

  test('gives a subscriber to deletions nothing but those', () => {
    const both = watching().on(
      event({
        ...added('b', 6),
        changes: [...added('b', 6).changes, ...added('a', 6, 'DELETED').changes],
      }),
    )
    expect(both.did('send').map(({ event }) => (event as unknown as { deltas: unknown[] }).deltas.length)).toEqual([
      2, 1,
    ])
  })

  test('tells of pods that are over to those who want endings', () => {
    const over = (name: string, version: number, phase: string) => {
      const object = { ...pod(name, version), status: { phase } }
      return event({ ...added(name, version), changes: [{ type: 'MODIFIED', key: `default/${name}`, object }] })
    }
    const subscribers = [{ to: 'endings/cp-1', only: 'endings' as const }]
    const chart = born(reflector, { ...input, subscribers }).on(listed([pod('a', 5)], '5'))
    const running = chart.on(over('a', 6, 'Running'))
    expect(running.did('send')).toEqual([])
    const ended = running.on(over('a', 7, 'Failed'))
    expect(ended.did('send').length).toBe(1)
    expect(ended.on(over('a', 8, 'Failed')).did('send')).toEqual([])
    expect(ended.on(added('a', 8, 'DELETED')).did('send').length).toBe(1)
  })

  test('tells who follows owners of what comes, goes and changes hands, not of what else changed', () => {
    const subscribers = [{ to: 'all/cp-1' }, { to: 'owners/cp-1', only: 'ownership' }] as const
    const owners = born(reflector, { ...input, subscribers }).on(listed([pod('a', 5)], '5'))
    const told = (chart: typeof owners) => chart.did('send').map(({ to }) => to)
    expect(told(owners)).toEqual(['all/cp-1', 'owners/cp-1'])
    expect(told(owners.on(added('a', 6, 'MODIFIED')))).toEqual(['all/cp-1'])
    expect(told(owners.on(added('b', 6)))).toEqual(['all/cp-1', 'owners/cp-1'])
    expect(told(owners.on(added('a', 6, 'DELETED')))).toEqual(['all/cp-1', 'owners/cp-1'])
  })

  test('takes a bookmark as progress that nobody is told of', () => {
    const marked = watching().on(event({ ...added('', 90), changes: [] }))
    expect(marked.did('send')).toEqual([])
    expect(marked.on(ended('ended'), { at: 86_800_000 }).did('stream')[0]?.event).toMatchObject({
      options: { resourceVersion: '90' },
    })
  })

  test('opens a watch that ended again without a list', () => {
    const again = watching().on(added('b', 6)).on(ended('reset'))
    expect(again.state).toBe('watching')
    expect(again.did('stream')[0]?.event).toMatchObject({ options: { resourceVersion: '6' } })
    expect(again.did('call')).toEqual([])
  })

  test('lists again when a watch ended at once without a word', () => {
    const chart = watching().on(ended('ended'))
    expect(chart.state).toBe('backingOff')
    expect(chart.after('back-off').did('call')[0]?.event).toMatchObject({ options: { resourceVersion: '5' } })
  })

  test('waits for a server that is away and then goes on watching', () => {
    const chart = watching().on(ended('refused'))
    expect(chart.state).toBe('waitingToWatch')
    expect(chart.did('wake')[0]?.afterMs).toBeGreaterThanOrEqual(800)
    expect(chart.after('back-off').state).toBe('watching')
  })

  test('lists again after a watch failed, and waits when it was asked to slow down', () => {
    const gone = { type: 'watch.failed', status: refused(410, 'Expired').status }
    expect(watching().on(gone).state).toBe('backingOff')
    const busy = { type: 'watch.failed', status: refused(429, 'TooManyRequests').status }
    expect(watching().on(busy).state).toBe('waitingToWatch')
  })

  test('tells what it missed as the difference', () => {
    const chart = watching()
      .on(ended('ended'))
      .after('back-off')
      .on(listed([pod('b', 9)], '9'))
    expect(chart.did('send')[0]?.event).toMatchObject({
      filled: false,
      deltas: [
        { key: 'default/a', now: undefined },
        { key: 'default/b', was: undefined },
      ],
    })
    expect(chart.did('send')[1]?.event).toMatchObject({ deltas: [{ key: 'default/a' }] })
  })

  test('asks at once for the newest when its version is not to be had', () => {
    const again = watching().on(ended('ended')).after('back-off').on(refused(410, 'Expired'))
    expect(again.state).toBe('listing')
    expect(again.did('call')[0]?.event).toMatchObject({ options: { resourceVersion: '' } })
    expect(again.on(listed([], '12')).context.lastVersionIsGone).toBe(false)
    const ahead = refused(504, 'Timeout')
    const tooLarge = {
      ...ahead,
      status: { ...ahead.status, details: { causes: [{ reason: 'ResourceVersionTooLarge', message: '' }] } },
    }
    expect(listing().on(tooLarge).state).toBe('listing')
  })

  test('backs off when the list does not come, longer each time', () => {
    for (const chart of [
      listing().on(refused(503, 'ServiceUnavailable')),
      listing().on(lost()),
      listing().after('request timeout'),
    ])
      expect(chart.state).toBe('backingOff')
    let chart = listing().on(lost())
    const waits: number[] = []
    for (let i = 0; i < 4; i++) {
      waits.push(chart.did('wake')[0]?.afterMs ?? 0)
      chart = chart.after('back-off').on(lost())
    }
    expect(waits[3]).toBeGreaterThanOrEqual(6_400)
  })

  test('shows its cache to who asks', () => {
    expect(
      watching()
        .on({ type: 'cache.wanted' }, { from: 'deployment-controller/cp-1/default/web', call: 3 })
        .did('answer'),
    ).toMatchObject([
      { to: 'deployment-controller/cp-1/default/web', call: 3, event: { type: 'cache.told', resource: 'pods' } },
    ])
  })
})

expectWhole(reflector)
