import fc from 'fast-check'
import { expect, test } from 'vitest'
import { emptyFifo, put, take } from '../../../../../machines/controllers/kit/fifo.ts'

test('what was put in first comes out first, however puts and takes are mixed', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat(9), { nil: undefined })), (steps) => {
      let fifo = emptyFifo<number>()
      const model: number[] = []
      for (const step of steps) {
        if (step !== undefined) {
          fifo = put(fifo, step)
          model.push(step)
          continue
        }
        const next = take(fifo)
        expect(next?.[0]).toBe(model.shift())
        if (next !== undefined) fifo = next[1]
      }
      expect(fifo.size).toBe(model.length)
    }),
  )
})
