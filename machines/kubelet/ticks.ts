/** The 1 s loops of a kubelet (PLEG's relist, the sync loop): they tick at whole seconds from its start. */
export const TICK_MS = 1_000

/** ms from `at` to the next tick after it. */
export const untilTick = (since: number, at: number): number =>
  TICK_MS - ((((at - since) % TICK_MS) + TICK_MS) % TICK_MS)

/** Was there a tick after `before`, up to `at`? */
export const ticked = (since: number, before: number, at: number): boolean =>
  Math.floor((at - since) / TICK_MS) > Math.floor((before - since) / TICK_MS)

/** ms from `at` to the first tick that is not before `due`. */
export function untilTickFrom(since: number, due: number, at: number): number {
  const late = (((due - since) % TICK_MS) + TICK_MS) % TICK_MS
  return (late === 0 ? due : due - late + TICK_MS) - at
}
