import { describe, expect, test } from 'vitest'
import { conductOf, healthAt, statusOf, told } from '../../../../machines/workload/behaviour.ts'

describe('what an image does', () => {
  test('is taken from the first that tells it', () => {
    const own = [
      { image: 'shop/api:v2', exits: { afterMs: 5, code: 1 } },
      { image: 'shop/*', readyAfterMs: 9 },
    ]
    expect(conductOf(own, 'docker.io/shop/api:v2')).toMatchObject({ exits: { code: 1 }, readyAfterMs: 9, pull: 'well' })
    expect(conductOf(own, 'docker.io/shop/web:v1').exits).toBeUndefined()
    expect(conductOf([], 'docker.io/library/nginx:1.27')).toMatchObject({
      serves: [{ port: 80 }],
      sizeBytes: 72_000_000,
    })
  })
  test('may depend on the command', () => {
    const own = [{ image: '*', command: '*migrate*', exits: { afterMs: 5, code: 0 } }]
    expect(conductOf(own, 'a/b:1', 'rake migrate --all').exits).toBeDefined()
    expect(conductOf(own, 'a/b:1', 'rake serve').exits).toBeUndefined()
  })
  test('is told by an annotation before all', () => {
    expect(conductOf([{ image: '*', readyAfterMs: 1 }], 'a/b:1', '', 'readyAfter: 5s').readyAfterMs).toBe(5_000)
  })
})

describe('the annotation', () => {
  test.each([
    ['readyAfter: 300ms', { readyAfterMs: 300 }],
    ['startAfter: 2s\nrequestTime: 20ms', { startMs: 2_000, requestMs: 20 }],
    ['exitAfter: 10s; exitCode: 1', { exits: { afterMs: 10_000, code: 1 } }],
    ['oomAfter: 30s', { exits: { afterMs: 30_000, code: 137, oomKilled: true } }],
    ['termAfter: 3s; termCode: 143', { onTerm: { afterMs: 3_000, code: 143 } }],
    ['termCode: 2', { onTerm: { afterMs: 10, code: 2 } }],
    ['ignoresTerm: true', { onTerm: 'ignored' }],
    [
      'failsAfter: 1m; recoversAfter: 90s',
      {
        health: [
          { afterMs: 60_000, is: 'failing' },
          { afterMs: 90_000, is: 'well' },
        ],
      },
    ],
    ['silentAfter: 1s', { health: [{ afterMs: 1_000, is: 'silent' }] }],
    [
      'serves: 8080 9090/healthz=503 81=404',
      { serves: [{ port: 8080 }, { port: 9090, paths: { '/healthz': 503 } }, { port: 81, status: 404 }] },
    ],
    ['log: listening', { logs: [{ afterMs: 0, text: 'listening\n' }] }],
    ['{"readyAfter": "5s", "termCode": 1}', { readyAfterMs: 5_000, onTerm: { afterMs: 10, code: 1 } }],
    ['nonsense', {}],
  ])('%s', (text, behaviour) => {
    expect(told(text)).toEqual(behaviour)
  })
})

test('health is a matter of age', () => {
  const conduct = conductOf(
    [
      {
        image: '*',
        readyAfterMs: 5,
        health: [
          { afterMs: 10, is: 'failing' },
          { afterMs: 20, is: 'well' },
        ],
      },
    ],
    'a',
  )
  expect([0, 5, 10, 20].map((age) => healthAt(conduct, age))).toEqual(['deaf', 'well', 'failing', 'well'])
})

test('a port that is not served has no status', () => {
  const conduct = conductOf([{ image: '*', serves: [{ port: 80, status: 201, paths: { '/x': 404 } }] }], 'a')
  expect([statusOf(conduct, 80, '/'), statusOf(conduct, 80, '/x'), statusOf(conduct, 81, '/')]).toEqual([
    201,
    404,
    undefined,
  ])
  expect(statusOf(conductOf([], 'a'), 9, '/')).toBe(200)
})
