import { expect, test } from 'vitest'
import { asked } from '../../../../machines/etcd/asking.ts'
import type { Context } from '../../../../machines/etcd/context.ts'
import { sends } from '../../../../machines/etcd/post.ts'
import { delivery } from '../../../../runtime/contract.ts'

const message = { type: 'MsgTimeoutNow', term: 3 } as const
const from = (id: string) => ({ id, self: 'etcd/a' }) as Context

test('among those who were there from the beginning the address says enough', () => {
  expect(sends(from('etcd/a'), [{ to: 'etcd/b', message }])).toEqual([{ do: 'send', to: 'etcd/b', event: message }])
})

test('who was added says who it is, and who is meant', () => {
  expect(sends(from('etcd/a#7'), [{ to: 'etcd/b', message }])).toMatchObject([
    { to: 'etcd/b', event: { from: 'etcd/a#7', to: 'etcd/b' } },
  ])
  expect(sends(from('etcd/a'), [{ to: 'etcd/b#9', message }])).toMatchObject([
    { to: 'etcd/b', event: { from: 'etcd/a', to: 'etcd/b#9' } },
  ])
})

test('an asker is remembered with the moment at which it asked', () => {
  expect(asked({ ...delivery, from: 'client/1', call: 5, at: 9 })).toEqual({ from: 'client/1', call: 5, since: 9 })
})
