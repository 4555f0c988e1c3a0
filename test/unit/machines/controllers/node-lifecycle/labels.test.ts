import { expect, test } from 'vitest'
import { missingLabels } from '../../../../../machines/controllers/node-lifecycle/labels.ts'
import { node } from '../objects.ts'

const labelled = (labels: Record<string, string>) => node('a', 'True', { metadata: { labels } })

test('old labels follow the stable ones', () => {
  expect(missingLabels(labelled({ 'kubernetes.io/os': 'linux', 'beta.kubernetes.io/os': 'windows' }))).toEqual({
    'beta.kubernetes.io/os': 'linux',
  })
  expect(missingLabels(labelled({ 'kubernetes.io/arch': 'arm64' }))).toEqual({ 'beta.kubernetes.io/arch': 'arm64' })
  expect(missingLabels(labelled({ 'kubernetes.io/os': 'linux', 'beta.kubernetes.io/os': 'linux' }))).toBeUndefined()
  expect(missingLabels(labelled({ 'beta.kubernetes.io/os': 'linux' }))).toBeUndefined()
})
