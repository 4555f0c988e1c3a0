import { expect, test } from 'vitest'
import { kwokPlayer } from '../../../../machines/kwok/player.ts'
import { born, expectWhole } from '../../../kit/chart.ts'
import { CLIENT, lost, ok, pod, refused } from './fixtures.ts'

const due = (stage: string, status: object | undefined, finalizers: readonly string[] = []) => ({
  type: 'stage.due',
  key: 'default/web-0',
  pod: pod('web-0', { metadata: { finalizers } }),
  stage,
  status,
})
const start = () => born(kwokPlayer, { ...CLIENT, tell: 'kwok-pods/kwok' }, 'kwok-player/kwok/1')
const writing = () => start().on(due('pod-ready', { phase: 'Running' }))
const outcomeOf = (chart: ReturnType<typeof start>) =>
  (chart.did('send')[0]?.event as unknown as { outcome: string }).outcome

test('a status is patched, and that said', () => {
  expect(writing().did('call')).toMatchObject([
    { event: { verb: 'patch', subresource: 'status', patchType: 'strategic', body: { status: { phase: 'Running' } } } },
  ])
  const done = writing().on(ok())
  expect(done.state).toBe('idle')
  expect(done.did('send')).toMatchObject([{ to: 'kwok-pods/kwok', event: { key: 'default/web-0', outcome: 'done' } }])
  expect(done.context.due).toBeUndefined()
})

test('a pod is deleted at once', () => {
  const deleting = start().on(due('pod-delete', undefined))
  expect(deleting.did('call')).toMatchObject([{ event: { verb: 'delete', options: { gracePeriodSeconds: 0 } } }])
  expect(outcomeOf(deleting.on(ok()))).toBe('done')
})

test('finalizers are taken away before', () => {
  const freeing = start().on(due('pod-delete', undefined, ['example.com/hold']))
  expect(freeing.did('call')).toMatchObject([
    { event: { verb: 'patch', patchType: 'json', body: [{ op: 'remove', path: '/metadata/finalizers' }] } },
  ])
  expect(freeing.on(ok()).did('call')).toMatchObject([{ event: { verb: 'delete' } }])
  expect(outcomeOf(freeing.on(refused(403, 'Forbidden')))).toBe('failed')
})

test('what passes is to be played again, everything else is not', () => {
  expect(outcomeOf(writing().on(refused(429, 'TooManyRequests')))).toBe('retry')
  expect(outcomeOf(writing().on(lost('refused')))).toBe('retry')
  expect(outcomeOf(writing().after('request timeout'))).toBe('retry')
  expect(outcomeOf(writing().on(refused(404, 'NotFound')))).toBe('failed')
  expect(outcomeOf(writing().on(lost('reset')))).toBe('failed')
})

expectWhole(kwokPlayer)
