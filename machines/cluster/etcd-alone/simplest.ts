/** A schedule that breaks a promise, without all that is not needed for it. */
import { lived, type Move, type Schedule } from './trial.ts'

/** Leaves out larger parts first, then smaller, then one move after the other, as long as something still breaks. */
export function simplest(schedule: Schedule): Schedule {
  let { moves } = schedule
  for (let size = Math.ceil(moves.length / 2); ; size = Math.ceil(size / 2)) {
    moves = without(schedule, moves, size)
    if (size === 1) return { ...schedule, moves }
  }
}

function without(schedule: Schedule, all: readonly Move[], size: number): readonly Move[] {
  let moves = all
  for (let at = Math.floor((moves.length - 1) / size) * size; at >= 0; at -= size) {
    const fewer = moves.toSpliced(at, size)
    if (lived({ ...schedule, moves: fewer }).broken.length > 0) moves = fewer
  }
  return moves
}
