import { expect, test } from 'vitest'
import { parts, recorderOf } from '../../../../machines/scheduler/parts.ts'

test('the loop is there before the reflectors tell it anything', () => {
  const all = parts('cp-1', 'kube-apiserver/cp-1').leading
  expect(all.map(({ address, machine }) => `${address} ${machine}`)).toEqual([
    'scheduler/cp-1 scheduler',
    'reflector/cp-1/kube-scheduler/nodes reflector',
    'reflector/cp-1/kube-scheduler/namespaces reflector',
    'reflector/cp-1/kube-scheduler/services reflector',
    'reflector/cp-1/kube-scheduler/replicasets.apps reflector',
    'reflector/cp-1/kube-scheduler/pods reflector',
  ])
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
