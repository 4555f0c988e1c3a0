import { expect, test } from 'vitest'
import { invalidName, pulledText, pullPolicy } from '../../../../../machines/kubelet/pod/images.ts'

test.each(['nginx', 'nginx:1.27', 'registry.test:5000/a/b:v1', 'docker.io/library/nginx', 'a__b/c-d.e'])(
  '%s is a name',
  (image) => {
    expect(invalidName(image)).toBeUndefined()
  },
)
test('what is none is said in the words of the reference parser', () => {
  expect(invalidName('Not//Valid::Name')).toBe(
    'couldn\'t parse image name "Not//Valid::Name": invalid reference format: repository name (/Valid) must be lowercase',
  )
  expect(invalidName('a//b')).toBe('couldn\'t parse image name "a//b": invalid reference format')
})
test('latest is always pulled, anything else when it is absent', () => {
  expect(pullPolicy({ name: 'c', image: 'nginx' })).toBe('Always')
  expect(pullPolicy({ name: 'c', image: 'r.test:5000/nginx:latest' })).toBe('Always')
  expect(pullPolicy({ name: 'c', image: 'nginx:1' })).toBe('IfNotPresent')
  expect(pullPolicy({ name: 'c', image: 'nginx', imagePullPolicy: 'Never' })).toBe('Never')
})
test('a pull is told with both of its times, in whole ms', () => {
  expect(pulledText('a', 37.6, 13_881.2, 5)).toBe(
    'Successfully pulled image "a" in 37ms (13.881s including waiting). Image size: 5 bytes.',
  )
})
