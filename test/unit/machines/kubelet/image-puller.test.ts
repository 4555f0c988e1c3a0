import { expect, test } from 'vitest'
import { imagePuller } from '../../../../machines/kubelet/image-puller.ts'
import { born, expectWhole } from '../../../kit/chart.ts'
import { answered, DAY, failed, IMAGE, lost } from './fixtures.ts'

const begin = () =>
  born(imagePuller, { runtime: 'containerd/node-1', nodeStatus: 'node-status/node-1' }, 'image-puller/node-1')
const wanted = (image: string) => ({ type: 'image.wanted', image })

test('images are pulled one after another', () => {
  const chart = begin()
    .on(wanted('a'), { from: 'pod-worker/node-1/x/a', call: 1 })
    .on(wanted('b'), { from: 'pod-worker/node-1/x/b', call: 2 })
  expect(chart.state).toBe('pulling')
  const first = chart.on(answered({ image: IMAGE }), { at: DAY + 700 })
  expect(first.did('answer')).toMatchObject([{ call: 1, event: { type: 'image.pulled', pullMs: 700 } }])
  expect(first.did('send')).toMatchObject([{ to: 'node-status/node-1' }])
  expect(first.did('call')).toMatchObject([{ event: { call: 'PullImage', image: 'b' } }])
  expect(first.on(answered({ image: IMAGE })).state).toBe('idle')
})

test('the code of an unknown error is left out, others are told', () => {
  const chart = begin().on(wanted('a'), { call: 1 })
  const error = (event: { type: string }) =>
    (chart.on(event).did('answer')[0]?.event as unknown as { error: string }).error
  expect(error(failed('403 Forbidden'))).toBe('403 Forbidden')
  expect(error(failed('not found', 'NotFound'))).toBe('rpc error: code = NotFound desc = not found')
  expect(error(lost('pull'))).toContain('code = Unavailable')
})

expectWhole(imagePuller)
