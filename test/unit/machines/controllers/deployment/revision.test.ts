import { describe, expect, test } from 'vitest'
import {
  highestRevision,
  revisionOf,
  withRevision,
  withSizes,
} from '../../../../../machines/controllers/deployment/revision.ts'
import { deployment, setOf } from './examples.ts'

const REVISION = 'deployment.kubernetes.io/revision'
const HISTORY = 'deployment.kubernetes.io/revision-history'
const plain = deployment()

describe('a revision', () => {
  test('is the highest of the old ones and one more', () => {
    expect(highestRevision([setOf('a', 0), setOf('b', 0, {}, { revision: 7 })])).toBe(7)
    expect(highestRevision([])).toBe(0)
    expect(revisionOf(setOf('a', 0, {}, { revision: 'x' }))).toBe(0)
  })

  test('only rises, and keeps those it replaces', () => {
    const first = { [REVISION]: '1' }
    expect(withRevision(undefined, plain, 1)).toEqual(first)
    expect(withRevision(first, plain, 1)).toBe(first)
    const third = withRevision(first, plain, 3)
    expect(third).toEqual({ [REVISION]: '3', [HISTORY]: '1' })
    expect(withRevision(third, plain, 5)).toEqual({ [REVISION]: '5', [HISTORY]: '1,3' })
    expect(withRevision({ [REVISION]: 'x' }, plain, 5)).toEqual({ [REVISION]: 'x' })
  })

  test('forgets the oldest when the history grows too long', () => {
    const history = Array.from({ length: 600 }, (_, i) => `${i + 100}`).join(',')
    const next = withRevision({ [REVISION]: '7', [HISTORY]: history }, plain, 8)?.[HISTORY] ?? ''
    expect(next.length).toBeLessThanOrEqual(2_000)
    expect(next.endsWith(',699,7')).toBe(true)
  })

  test('comes with the annotations of the Deployment, but for its own ones', () => {
    const noted = deployment({}, {}, { annotations: { note: 'b', [REVISION]: '9' } })
    expect(withRevision({ [REVISION]: '1', note: 'a' }, noted, 1)).toEqual({ [REVISION]: '1', note: 'b' })
  })
})

test('sizes are told beside it', () => {
  expect(withSizes({ a: 'b' }, 4, 5)).toEqual({
    a: 'b',
    'deployment.kubernetes.io/desired-replicas': '4',
    'deployment.kubernetes.io/max-replicas': '5',
  })
})
