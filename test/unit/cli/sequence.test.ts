import { expect, test } from 'vitest'
import { escaped, laneOf, sequenceSvg } from '../../../cli/sequence.ts'

test.each([
  ['request/cp-1/17', 'kube-apiserver/cp-1'],
  ['api-read/cp-1/17', 'kube-apiserver/cp-1'],
  ['reflector/cp-1/kube-scheduler/pods', 'kube-scheduler/cp-1'],
  ['kubelet/node-1', 'kubelet/node-1'],
  ['pod-worker/node-1/default/web', 'pod-worker/node-1'],
  ['unit/node-1/kubelet', undefined],
  ['host/node-1', undefined],
])('%s stands in the lane of %s', (address, lane) => expect(laneOf(address)).toBe(lane))

test('words go into pictures as they are', () => {
  expect(escaped('a < b & "c"')).toBe('a &lt; b &amp; &quot;c&quot;')
  const picture = sequenceSvg([{ at: 1_500, from: 'a/b', to: 'c/d', words: 'x < y' } as never])
  expect(picture).toMatch(/^<svg[\s\S]*x &lt; y[\s\S]*<\/svg>\n$/)
})
