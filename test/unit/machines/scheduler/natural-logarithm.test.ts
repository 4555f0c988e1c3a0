import { expect, test } from 'vitest'
import { naturalLogarithm } from '../../../../machines/scheduler/natural-logarithm.ts'

test('is that of mathematics, to the last digits', () => {
  for (let n = 1; n <= 5_002; n++) expect(Math.abs(naturalLogarithm(n) - Math.log(n))).toBeLessThan(4e-15)
})
