import { describe, expect, test } from 'vitest'
import { kubectlApply } from '../../../../machines/kubectl/apply.ts'
import { annotated, LAST_APPLIED } from '../../../../machines/kubectl/applying.ts'
import type { Applied } from '../../../../machines/protocol/kubectl.ts'
import { born, expectWhole } from '../../../kit/chart.ts'
import { finished, input, lost, ok, refused, request } from './words.ts'

const config = (name: string, data: Record<string, string>): Applied => ({
  resource: 'configmaps',
  object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' }, data } as never,
})
const applied = (...objects: Applied[]) =>
  born(kubectlApply, input({ command: 'apply', objects }), 'kubectl/workstation/1')
const missing = refused(404, 'NotFound', 'configmaps "a" not found')

describe('kubectl apply', () => {
  test('creates what is not there, with the annotation that the next apply reads', () => {
    const asked = applied(config('a', { x: '1' }))
    expect(request(asked.asked)).toMatchObject({ verb: 'get', resource: 'configmaps', name: 'a' })
    const creating = asked.on(missing)
    expect(creating.state).toBe('creating')
    const body = request(creating.asked)?.body as { metadata: { annotations: Record<string, string> } }
    expect(JSON.parse(body.metadata.annotations[LAST_APPLIED] ?? '')).toMatchObject({ data: { x: '1' } })
    const done = creating.on(ok({}, 201))
    expect(finished(done.asked)).toEqual({ code: 0, lines: ['configmap/a created'] })
  })

  test('leaves alone what is as it should be', () => {
    const one = config('a', { x: '1' })
    const done = applied(one).on(ok(annotated(one)))
    expect(finished(done.asked)).toEqual({ code: 0, lines: ['configmap/a unchanged'] })
  })

  test('patches what differs, and takes away what was applied before and is no more', () => {
    const patching = applied(config('a', { y: '2' })).on(ok(annotated(config('a', { x: '1' }))))
    expect(patching.state).toBe('patching')
    expect(request(patching.asked)).toMatchObject({
      verb: 'patch',
      patchType: 'strategic',
      body: { data: { x: null, y: '2' } },
    })
    expect(finished(patching.on(ok({})).asked)?.lines).toEqual(['configmap/a configured'])
  })

  test('goes on with the others when one is refused, and ends with 1', () => {
    const forbidden = refused(403, 'Forbidden', 'configmaps "a" is forbidden')
    const second = applied(config('a', {}), config('b', {})).on(missing).on(forbidden)
    expect(second.state).toBe('lookingUp')
    const done = second.on(missing).on(ok({}, 201))
    expect(finished(done.asked)).toEqual({
      code: 1,
      lines: ['Error from server (Forbidden): configmaps "a" is forbidden', 'configmap/b created'],
    })
    expect(finished(applied(config('a', {})).on(forbidden).asked)?.code).toBe(1)
    expect(
      finished(
        applied(config('a', { x: '1' }))
          .on(ok(config('a', {}).object))
          .on(forbidden).asked,
      )?.code,
    ).toBe(1)
  })

  test('ends when the connection breaks or nobody answers, whatever it was doing', () => {
    const looking = applied(config('a', { x: '1' }))
    for (const chart of [looking, looking.on(missing), looking.on(ok(config('a', {}).object))]) {
      expect(finished(chart.on(lost).asked)).toEqual({ code: 1, lines: ['Unable to connect to the server: EOF'] })
      expect(finished(chart.after('request timeout').asked)?.code).toBe(1)
    }
  })

  test('has nothing to do with no objects', () => {
    expect(finished(applied().asked)).toEqual({ code: 0, lines: [] })
  })
})

expectWhole(kubectlApply)
