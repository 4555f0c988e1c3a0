import { expect, test } from 'vitest'
import { isIn } from '../../../../machines/cni/ranges.ts'

test.each([
  ['10.244.0.0/16', '10.244.7.9', true],
  ['10.244.0.0/16', '10.245.0.0', false],
  [' 0.0.0.0/0', '1.2.3.4', true],
  ['10.0.0.0', '10.0.0.0', false],
  ['10.0.0.0/8', 'name', false],
])('%s holds %s: %s', (cidr, ip, is) => {
  expect(isIn(cidr, ip)).toBe(is)
})
