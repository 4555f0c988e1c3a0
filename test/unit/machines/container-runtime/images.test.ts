import { expect, test } from 'vitest'
import { findImage, imageNamed, pullMs } from '../../../../machines/container-runtime/images.ts'
import type { Image } from '../../../../machines/protocol/cri.ts'
import { Tree } from '../../../../runtime/tree.ts'

test('an image has a digest of its own, the same each time', () => {
  const image = imageNamed('nginx:1.27', [])
  expect(image).toEqual(imageNamed('docker.io/library/nginx:1.27', []))
  expect(image.imageRef).toMatch(/^docker\.io\/library\/nginx@sha256:[0-9a-f]{64}$/)
  expect(image.id).not.toBe(imageNamed('nginx:1.28', []).id)
})

test('users are told as text', () => {
  expect(imageNamed('a:1', [{ image: 'a:*', user: 1000 }]).user).toBe('1000')
  expect(imageNamed('a:1', [{ image: 'a:*', user: 'nobody' }]).user).toBe('nobody')
  expect(imageNamed('a:1', []).user).toBeUndefined()
})

test('a pull takes as long as the image is large, unless told', () => {
  expect(pullMs('a:1', [{ image: '*', sizeBytes: 2_000_000 }])).toBe(500)
  expect(pullMs('registry.test/slow4/app:2', [])).toBe(4_270)
})

test('an image is found by each of its names', () => {
  const image = imageNamed('a:1', [])
  const images = Tree.of<Image>([['docker.io/library/a:1', image]])
  for (const name of ['a:1', image.id, image.imageRef]) expect(findImage(images, [], name)).toBe(image)
  expect(findImage(images, [], 'b')).toBeUndefined()
  expect(
    findImage(
      images,
      [
        { image: 'b', preloaded: true },
        { image: 'b:*', preloaded: true },
      ],
      'b:1',
    )?.repoTags,
  ).toEqual(['docker.io/library/b:1'])
})
