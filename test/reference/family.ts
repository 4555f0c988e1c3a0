/** What every suite tells: of each family of recordings how many were there, and what differs. */

export interface Miss {
  /** The recording: a trace, a case, a line. */
  readonly name: string
  /** In what it differs, the first differences first. */
  readonly differences: readonly string[]
}
export interface Result {
  readonly area: string
  /** The folder or file below the area: `traces/deployment`, `template-hash`. */
  readonly family: string
  readonly matched: number
  readonly total: number
  readonly misses: readonly Miss[]
  /** Recordings outside the total, and what they wait for. */
  readonly waiting: readonly Miss[]
}
/** One family, and how it is judged; nothing is read before. */
export interface Family {
  readonly area: string
  readonly family: string
  /** @returns undefined when the folder holds none of it */
  judge(folder: string, options: Options): Result | undefined
}
export interface Options {
  /** Known misses are not tried in all the ways in which they might match. */
  readonly quick: boolean
  /** When so many match, the others need not be tried any further. */
  readonly enough?: number
}

/** What is to be said of one case; one that waits for something is outside the total. */
export interface Judgement extends Miss {
  readonly waitsFor?: string | undefined
}

/** A family of independent cases: each says in what it differs. */
export function cases<C>(
  area: string,
  family: string,
  read: (folder: string) => readonly C[] | undefined,
  judged: (each: C) => Judgement,
): Family {
  return {
    area,
    family,
    judge(folder) {
      const all = read(folder)
      return all === undefined || all.length === 0 ? undefined : result(area, family, all.map(judged))
    },
  }
}

export function result(area: string, family: string, all: readonly Judgement[]): Result {
  const waiting = all.flatMap(({ name, waitsFor }) =>
    waitsFor === undefined ? [] : [{ name, differences: [`waits for ${waitsFor}`] }],
  )
  const misses = all.filter(({ differences, waitsFor }) => waitsFor === undefined && differences.length > 0)
  const total = all.length - waiting.length
  return { area, family, matched: total - misses.length, total, misses, waiting }
}
