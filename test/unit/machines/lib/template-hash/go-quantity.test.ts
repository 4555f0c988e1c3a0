import { expect, test } from 'vitest'
import { goQuantityText } from '../../../../../machines/lib/template-hash/go-quantity.ts'

test.each([
  ['canonical text is kept', '100m', 'value:(int64)100 scale:(resource.Scale)-3', 's:(string)100m'],
  ['a number that ends in zeros is not', '1000', 'value:(int64)1000 scale:(resource.Scale)0', 's:(string) '],
  ['a binary amount is multiplied out', '3Gi', 'value:(int64)3221225472 scale:(resource.Scale)0', 's:(string)3Gi'],
  ['nothing is nothing', undefined, 'value:(int64)0', 'Format:(resource.Format)}'],
])('%s', (_name, written, amount, text) => {
  const shown = goQuantityText(written)
  expect(shown).toContain(amount)
  expect(shown).toContain(text)
})

test('a broken binary amount is a big decimal', () => {
  expect(goQuantityText('1.5Gi')).toContain(
    '{unscaled:(big.Int){neg:(bool)false abs:(big.nat)[16106127360]} scale:(inf.Scale)1}',
  )
})
