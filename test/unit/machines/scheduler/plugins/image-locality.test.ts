import { expect, test } from 'vitest'
import { imageLocality } from '../../../../../machines/scheduler/plugins/image-locality.ts'
import { cacheWith, node } from '../cluster.ts'
import { scores } from './plugins.ts'

const MB = 1024 * 1024
const having = (name: string, image: string, megabytes: number) =>
  node(name, { status: { images: [{ names: [image], sizeBytes: megabytes * MB }] } } as object)
const cache = cacheWith([having('a', 'app:latest', 1_023), having('b', 'app:latest', 9), node('c'), node('d')])
const running = (image: string, more: object = {}) => ({ containers: [{ name: 'c', image }], ...more })

test('a node that has the image is liked by its size, as the first node told it, and by how many have it', () => {
  expect(scores(imageLocality, running('app'), cache).raw).toEqual([50, 50, 0, 0])
  expect(scores(imageLocality, running('registry.example:5000/app'), cache).raw).toEqual([0, 0, 0, 0])
})
test('with more containers an image counts less', () => {
  expect(scores(imageLocality, running('app:latest', { initContainers: [{ name: 'i' }] }), cache).raw).toEqual([
    24, 24, 0, 0,
  ])
})
