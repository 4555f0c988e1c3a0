/**
 * The looks of the status loop: one every 10 s and up to 4 % more (`nodeStatusUpdateFrequency`, wait.JitterUntil), from
 * the registration on. A look that has nothing to do is not made; when it would have been is reckoned.
 */
import { draw } from '../../../runtime/contract.ts'

export interface Look {
  readonly number: number
  /** In ms. */
  readonly at: number
}

const UPDATE_MS = 10_000
const JITTER = 0.04
/** Beyond that the clock was set, or the process stood still: the loop goes on from now. */
const FARTHEST_MS = 900_000

const period = (dice: number, number: number): number =>
  UPDATE_MS * (1 + (JITTER * draw(dice, 'update interval', number)) / 2 ** 32)

/** The first look after `last` that is not before `from`. */
export function lookFrom(last: Look, from: number, dice: number): Look {
  const origin = from < last.at - UPDATE_MS || from > last.at + FARTHEST_MS ? from : last.at
  let { number, at } = { number: last.number, at: origin }
  do {
    at += period(dice, number)
    number++
  } while (at < from)
  return { number, at }
}

/** The look that is made now; the last one when this is none of the loop's. */
export function lookAt(last: Look, at: number, dice: number): Look {
  const look = lookFrom(last, at - 1, dice)
  return look.at <= at + 1 ? look : last
}
