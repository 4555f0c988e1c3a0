import { expect, test } from 'vitest'
import { forgotten } from '../../../../../machines/controllers/deployment/history.ts'
import { deployment, setOf } from './examples.ts'

const old = (revision: number, about = {}, status = {}) => setOf(`img:${revision}`, 0, status, { revision, ...about })
const revisions = (limit: number | undefined, sets: ReturnType<typeof old>[]) => {
  const of = deployment(limit === undefined ? {} : { revisionHistoryLimit: limit })
  return forgotten(of, sets).map(({ metadata }) => metadata.annotations?.['deployment.kubernetes.io/revision'])
}

test('the lowest revisions beyond the limit go', () => {
  expect(revisions(1, [old(3), old(1), old(2)])).toEqual(['1', '2'])
  expect(revisions(0, [old(3)])).toEqual(['3'])
  expect(revisions(5, [old(3), old(1)])).toEqual([])
  expect(revisions(2_147_483_647, [old(1)])).toEqual([])
})

test('what is not empty, not yet seen or already going stays, and is counted', () => {
  expect(revisions(0, [setOf('a', 1), old(2, {}, { replicas: 1 }), old(3, { generation: 2 })])).toEqual([])
  expect(revisions(0, [old(1, { deletionTimestamp: '1970-01-01T00:00:00Z' })])).toEqual([])
})
