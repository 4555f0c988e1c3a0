/** The image of a container, before it is created. */
import { describe, expect, test } from 'vitest'
import type { core } from '../../../../../machines/protocol/objects.ts'
import { answered, apiFailed, failed, IMAGE, lost, pod, running } from '../fixtures.ts'
import { begin, messages, reasons, relisted, seconds, told, withSandbox } from './start.ts'

export default (): void => {
  describe('images', () => {
    const looking = (policy: string | undefined, image = 'nginx:1', more: Partial<core.Container> = {}) =>
      withSandbox(
        begin(pod({ containers: [{ name: 'c', image, ...(policy ? { imagePullPolicy: policy } : {}), ...more }] })),
      )
    const absent = answered({ image: undefined })

    test('an absent image is pulled, and the Event says how long that took', () => {
      const chart = looking('IfNotPresent').on(absent)
      expect(chart.state).toBe('syncing.startingContainer.pulling')
      expect(messages(chart)).toEqual(['Pulling image "nginx:1"'])
      const pulled = chart.on({ type: 'image.pulled', image: IMAGE, pullMs: 1_200 }, seconds(2))
      expect(messages(pulled)).toEqual([
        'Successfully pulled image "nginx:1" in 1.2s (2s including waiting). Image size: 1000 bytes.',
      ])
      expect(pulled.state).toBe('syncing.startingContainer.creating')
    })
    test.each([
      ['a refusal', { type: 'image.pullFailed', error: 'not found' }, 'not found'],
      ['a broken connection', lost('image'), 'rpc error: code = Unavailable'],
    ])('a pull that ends in %s backs off', (_, event, text) => {
      const chart = looking('Always')
        .on(answered({ image: IMAGE }))
        .on(event)
      expect(chart.state).toBe('backingOff')
      expect(reasons(chart)).toEqual(['Failed', 'Failed'])
      expect(messages(chart)[0]).toContain(`Failed to pull image "nginx:1": ${text}`)
      expect(chart.context.startErrors['c']?.reason).toBe('ErrImagePull')
      const again = chart.on(relisted(running()), seconds(1))
      expect(told(again).status.containerStatuses?.[0]?.state?.waiting?.reason).toBe('ErrImagePull')
      const later = again.on(absent)
      expect(messages(later)).toEqual(['Back-off pulling image "nginx:1"', 'Error: ImagePullBackOff'])
      expect(later.context.startErrors['c']?.message).toContain('Back-off pulling image "nginx:1": ErrImagePull: ')
    })
    test('with policy Never an absent image is an error', () => {
      const chart = looking('Never').on(absent)
      expect(reasons(chart)).toEqual(['ErrImageNeverPull', 'Failed'])
      expect(chart.state).toBe('backingOff')
    })
    test('a name that is none is said so', () => {
      const chart = looking(undefined, 'Not//Valid')
      expect(reasons(chart)).toEqual(['InspectFailed', 'Failed'])
      expect(chart.state).toBe('backingOff')
    })
    test.each([failed('broken'), lost('runtime')])(
      'an image that cannot be looked for fails the container',
      (event) => {
        const chart = looking(undefined).on(event)
        expect(chart.context.startErrors['c']?.reason).toBe('ImageInspectError')
      },
    )
    test('looking for it has a time-out', () => {
      expect(looking(undefined).after('runtime request timeout').state).toBe('backingOff')
    })
    test('missing pull secrets are told, and do not hinder', () => {
      const chart = begin(pod({ imagePullSecrets: [{ name: 'nope' }] })).on(apiFailed(404, 'NotFound'))
      expect(reasons(chart)).toEqual(['FailedToRetrieveImagePullSecret'])
      expect(chart.state).toBe('syncing.makingSandbox')
    })
  })
}
