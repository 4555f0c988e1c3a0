/** Which failures kwok tries again, and when (pkg/kwok/controllers/utils.go). */
import { draw } from '../../runtime/contract.ts'
import { reasonOf } from '../lib/requests.ts'
import type { ApiAnswered } from '../protocol/api.ts'

const PASSING = ['ServerTimeout', 'Timeout', 'ServiceUnavailable', 'TooManyRequests']
const FIRST_MS = 1_000
const MAX_MS = 1_920_000
const JITTER = 0.2

/** shouldRetry: everything else waits for the object's next change. */
export const isPassing = (reply: ApiAnswered): boolean => PASSING.includes(reasonOf(reply))

/** backoffDelayByStep: 1 s × 2, up to 32 min, each up to a fifth longer. */
export const backOffMs = (retries: number, dice: number, key: string): number =>
  Math.min(FIRST_MS * 2 ** retries, MAX_MS) * (1 + (JITTER * draw(dice, 'back-off', key, retries)) / 2 ** 32)
