import { expect, test } from 'vitest'
import { type ImagePullInput, imagePull } from '../../../../../machines/container-runtime/containerd/image-pull.ts'
import { born, expectWhole } from '../../../../kit/chart.ts'

const pull = (has: Partial<ImagePullInput>) =>
  born(imagePull, {
    runtime: 'containerd/node-1',
    image: 'a:1',
    outcome: 'well',
    attempt: 0,
    loadMs: 1_000,
    ...has,
  }).after('time of the registry')

test('a pull takes its time', () => {
  const chart = pull({})
  expect(chart.state).toBe('loading')
  expect(chart.did('wake')[0]).toMatchObject({ afterMs: 970 })
  expect(chart.after('time to load').did('send')[0]?.event).toEqual({
    type: 'pull.finished',
    image: 'a:1',
    outcome: 'well',
  })
})

test('a pull that is refused ends soon', () => {
  expect(pull({ outcome: 'denied' }).did('send')[0]?.event).toMatchObject({ outcome: 'denied' })
})

test('a flaky registry does not know the image twice', () => {
  expect([0, 1, 2].map((attempt) => pull({ outcome: 'flaky', attempt }).state)).toEqual(['failed', 'failed', 'loading'])
})

expectWhole(imagePull)
