/** Images: pulled, listed, removed. */
import { describe, expect, test } from 'vitest'
import { cri, kubelet, replies, up } from './start.ts'

export default (): void => {
  describe('images', () => {
    const pull = (image: string, chart = up()) => chart.on(cri('PullImage', { image }), kubelet)
    test('are pulled once for all who ask', () => {
      const pulling = pull('nginx:1.27')
      expect(pulling.did('spawn')[0]).toMatchObject({ machine: 'image-pull', input: { loadMs: 400 + 3_600 } })
      const both = pull('nginx:1.27', pulling)
      expect(both.did('spawn')).toEqual([])
      const done = both.on({ type: 'pull.finished', image: 'docker.io/library/nginx:1.27', outcome: 'well' })
      expect(replies(done)).toHaveLength(2)
      expect(replies(done)[0]).toMatchObject({
        reply: { image: { repoTags: ['docker.io/library/nginx:1.27'], sizeBytes: 72_000_000 } },
      })
      expect(pull('nginx:1.27', done).did('spawn')[0]).toMatchObject({ input: { loadMs: 400, attempt: 1 } })
      const image = done.context.images.values()[0]
      const known = (name: string) => replies(done.on(cri('ImageStatus', { image: name }), kubelet))[0]
      expect([known('nginx:1.27'), known(image?.id ?? ''), known(image?.imageRef ?? '')]).toEqual(
        Array(3).fill({ type: 'cri.answered', reply: { image } }),
      )
      expect(replies(done.on(cri('ListImages'), kubelet))[0]).toMatchObject({ reply: { images: [image] } })
      const removed = done.on(cri('RemoveImage', { image: 'nginx:1.27' }), kubelet)
      expect(removed.context.images.size).toBe(0)
      expect(removed.on(cri('RemoveImage', { image: 'nginx:1.27' }), kubelet).did('answer')).toHaveLength(1)
    })
    test('that cannot be had fail with the words of the registry', () => {
      const failed = pull('typo:1').on({ type: 'pull.finished', image: 'docker.io/library/typo:1', outcome: 'missing' })
      expect(replies(failed)[0]).toMatchObject({
        code: 'NotFound',
        error:
          'failed to pull and unpack image "docker.io/library/typo:1": failed to resolve reference "docker.io/library/typo:1": docker.io/library/typo:1: not found',
      })
    })
    test('may be on the node from the first', () => {
      expect(replies(up().on(cri('ImageStatus', { image: 'app:2' }), kubelet))[0]).toMatchObject({
        reply: { image: { sizeBytes: 2_000_000 } },
      })
      expect(replies(up().on(cri('ImageStatus', { image: 'no:2' }), kubelet))[0]).toEqual({
        type: 'cri.answered',
        reply: { image: undefined },
      })
    })
  })
}
