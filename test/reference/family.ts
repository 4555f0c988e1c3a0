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
  /** Of large families only every so many-th recording: 1 is all. */
  readonly every: number
}

/** A family of independent cases: each says in what it differs. */
export function cases<C>(
  area: string,
  family: string,
  read: (folder: string) => readonly C[] | undefined,
  judged: (each: C) => { readonly name: string; readonly differences: readonly string[] },
): Family {
  return {
    area,
    family,
    judge(folder, { every }) {
      const all = read(folder)?.filter((_, i) => i % every === 0)
      if (all === undefined || all.length === 0) return undefined
      const misses = all.map((each) => judged(each)).filter(({ differences }) => differences.length > 0)
      return { area, family, matched: all.length - misses.length, total: all.length, misses, waiting: [] }
    },
  }
}
