import { describe, expect, test } from 'vitest'
import { apiClient } from '../../../../../machines/controllers/kit/api-client.ts'
import { get } from '../../../../../machines/lib/requests.ts'
import { born, expectWhole } from '../../../../kit/chart.ts'
import { event, lost, ok } from './replies.ts'

const client = () => born(apiClient, { apiserver: 'kube-apiserver/cp-1', perSecond: 20, burst: 2 })
const request = (name: string) => get({ name: 'a', groups: [] }, { resource: 'pods', name })
const asking = (call: number) => ({ from: `object/cp-1/${call}`, call })

describe('a limited client', () => {
  test('passes on while there are tokens, then one each 50 ms in order', () => {
    const burst = client().on(request('a'), asking(1)).on(request('b'), asking(2))
    expect(burst.did('call')).toMatchObject([{ to: 'kube-apiserver/cp-1', line: '1' }])
    const full = burst.on(request('c'), asking(3))
    expect(full.state).toBe('throttling')
    expect(full.did('call')).toEqual([])
    expect(full.did('wake')[0]?.afterMs).toBe(50)
    const two = full.on(request('d'), asking(4))
    const first = two.on({ type: 'token.came' }, { at: 86_400_050 })
    expect(first.did('call')[0]?.event).toMatchObject({ name: 'c' })
    expect(first.did('wake')[0]?.afterMs).toBe(50)
    const second = first.on({ type: 'token.came' }, { at: 86_400_100 })
    expect(second.did('call')[0]?.event).toMatchObject({ name: 'd' })
    expect(second.state).toBe('passing')
  })

  test('hands each answer to who asked', () => {
    const two = client().on(request('a'), asking(1)).on(request('b'), asking(2))
    expect(two.on(ok(), { line: '1' }).did('answer')).toMatchObject([{ to: 'object/cp-1/2', call: 2 }])
    expect(two.on(lost('0')).did('answer')).toMatchObject([{ to: 'object/cp-1/1', call: 1, event: { code: 503 } }])
    expect(two.on(event({ ...lost('0'), reason: 'refused' })).did('answer')).toMatchObject([
      { event: { status: { message: 'connection refused' } } },
    ])
    expect(client().on(ok(), { line: '7' }).asked).toEqual([])
  })
})

expectWhole(apiClient)
