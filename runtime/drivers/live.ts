/**
 * How far virtual time may go when people or programs outside watch it go by: the policy alone. Clocks, sockets and
 * waiting are in `cli/`, which asks again and again.
 */

/**
 * `real`: as fast as the day. `10x`: so many times as fast. `max`: as fast as it can be reckoned. `paused`: only for what
 * is asked, in the time that the answer takes. `lockstep`: only while nobody outside has anything to do, so that an
 * external controller never loses the race against a clock that is faster than it.
 */
export type Pace = 'real' | 'max' | 'paused' | 'lockstep' | { readonly times: number }

/** How the world and the outside stand. */
export interface Standing {
  /** Virtual time, and when the next thing is due, in ms; undefined when nothing is. */
  readonly nowMs: number
  readonly dueMs: number | undefined
  /** Real time since it was asked last, in ms. */
  readonly elapsedMs: number
  /** Calls of the outside that the world has not answered yet, and may take time for. */
  readonly asking: number
  /** Calls of the world that the outside has not answered yet: webhooks and the like. */
  readonly asked: number
  /** For how long the outside has said nothing and was told nothing, in real ms; 0 until it has spoken first. */
  readonly silentMs: number
}

/** In lockstep, a silence as long as this means that the outside has nothing to do. */
export const QUIET_MS = 20

/**
 * @returns the virtual instant, in ms, up to which things may happen now. Infinity is for as long as one likes: who asks
 * goes in slices, or never hears the outside again.
 */
export function mayReach(pace: Pace, standing: Standing, quietMs = QUIET_MS): number {
  const { nowMs, dueMs = nowMs, elapsedMs } = standing
  if (pace === 'paused') return standing.asking > 0 ? dueMs : nowMs
  if (pace === 'max') return Number.POSITIVE_INFINITY
  if (pace === 'lockstep') return isTheirTurn(standing, quietMs) ? nowMs : dueMs
  return nowMs + elapsedMs * (pace === 'real' ? 1 : pace.times)
}

/**
 * One moment at a time: what happened in it may have given the outside something to do. That it waits for an answer makes
 * no difference: it may be about to ask something else besides.
 */
const isTheirTurn = ({ asked, silentMs }: Standing, quietMs: number): boolean => asked > 0 || silentMs < quietMs

/** @throws when the text names no pace: `real`, `10x`, `0.5x`, `max`, `paused`, `lockstep` */
export function paceOf(text: string): Pace {
  if (text === 'real' || text === 'max' || text === 'paused' || text === 'lockstep') return text
  const times = /^(\d+(?:\.\d+)?)x$/.exec(text)?.[1]
  if (times !== undefined && Number(times) > 0) return { times: Number(times) }
  throw new Error(`"${text}" is no pace; write real, 10x (or any other number), max, paused or lockstep`)
}
