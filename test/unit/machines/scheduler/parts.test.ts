import { expect, test } from 'vitest'
import { WATCHED } from '../../../../machines/scheduler/cycle.ts'
import { parts, recorderOf } from '../../../../machines/scheduler/parts.ts'

test('the loop is there before the reflectors tell it anything', () => {
  const all = parts('cp-1', 'kube-apiserver/cp-1').leading
  expect(all[0]).toMatchObject({ address: 'scheduler/cp-1', machine: 'scheduler' })
  expect(all.slice(1).map(({ address, machine }) => `${address} ${machine}`)).toEqual(
    WATCHED.map((resource) => `reflector/cp-1/kube-scheduler/${resource} reflector`),
  )
  expect(all.at(-1)?.input).toMatchObject({
    fieldSelector: 'status.phase!=Succeeded,status.phase!=Failed',
    subscribers: [{ to: 'scheduler/cp-1' }],
  })
})
test('the recorder always runs, and settings reach the loop', () => {
  const { always, leading } = parts('cp-1', 'kube-apiserver/cp-1', { client: { qps: 1_000, burst: 1_000 } })
  expect(always).toMatchObject([{ address: recorderOf('cp-1'), input: { component: 'default-scheduler' } }])
  expect(leading[0]?.input).toMatchObject({ client: { qps: 1_000 }, recorder: recorderOf('cp-1') })
})
