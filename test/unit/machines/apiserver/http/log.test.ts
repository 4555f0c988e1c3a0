import { expect, test } from 'vitest'
import { logText, podLogOptions, stillWrites } from '../../../../../machines/apiserver/http/log.ts'
import type { ApiAnswered, ApiRequest } from '../../../../../machines/protocol/api.ts'

const at = 1_767_225_600_000
const lines = [
  { at, stream: 'stdout' as const, text: 'one\ntwo\n' },
  { at: at + 1_500, stream: 'stderr' as const, text: 'three\n' },
  { at: at + 2_000, stream: 'stdout' as const, text: 'rest' },
]

test('the query is read as PodLogOptions', () => {
  expect(podLogOptions(new URLSearchParams('container=c&follow=1&previous=false&tailLines=2&sinceTime='))).toEqual({
    container: 'c',
    follow: true,
    previous: false,
    tailLines: 2,
  })
})
test('lines are written as they were', () => {
  expect(logText(lines, {}, at)).toBe('one\ntwo\nthree\nrest')
})
test('a tail, a beginning and a limit cut it', () => {
  expect(logText(lines, { tailLines: 2 }, at)).toBe('three\nrest')
  expect(logText(lines, { sinceSeconds: 1 }, at + 2_500)).toBe('three\nrest')
  expect(logText(lines, { sinceTime: '2026-01-01T00:00:02Z' }, at)).toBe('rest')
  expect(logText(lines, { limitBytes: 5 }, at)).toBe('one\nt')
})
test('time stamps have as many digits as they need', () => {
  expect(logText(lines, { timestamps: true, tailLines: 2 }, at)).toBe(
    '2026-01-01T00:00:01.5Z three\n2026-01-01T00:00:02Z rest',
  )
})
test('who follows gets what is new, whatever the tail was', () => {
  expect(logText(lines, { tailLines: 1 }, at, 1)).toBe('three\nrest')
})
test('more may come while the container runs', () => {
  const answered = (state: object): ApiAnswered => ({
    type: 'api.answered',
    code: 200,
    object: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: { containers: [{ name: 'c' }] },
      status: { containerStatuses: [{ name: 'c', state }] },
    } as ApiAnswered['object'] & object,
  })
  const request = { body: {} } as ApiRequest
  expect([stillWrites(answered({ running: {} }), request), stillWrites(answered({ terminated: {} }), request)]).toEqual(
    [true, false],
  )
})
