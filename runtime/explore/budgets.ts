/** How often what is drawn on may still happen: all that may be left of it, each under a number. */
import type { Act, Budgets } from './assembly.ts'

export class Left {
  private readonly all: readonly Budgets[]

  constructor(budgets: Budgets) {
    this.all = everyLeft(budgets)
  }

  numberOf(wanted: Budgets): number {
    return this.all.findIndex((left) => Object.entries(left).every(([name, has]) => wanted[name] === has))
  }
  of(number: number): Budgets {
    return this.all[number] as Budgets
  }

  /** What is left after an act; undefined when nothing is left that it could draw on. */
  after(number: number, { budget }: Act): number | undefined {
    if (budget === undefined) return number
    const left = this.of(number)
    const has = left[budget] ?? 0
    return has === 0 ? undefined : this.numberOf({ ...left, [budget]: has - 1 })
  }
}

function everyLeft(budgets: Budgets): readonly Budgets[] {
  return Object.entries(budgets).reduce<readonly Budgets[]>(
    (all, [name, most]) =>
      all.flatMap((left) => Array.from({ length: most + 1 }, (_, has) => ({ ...left, [name]: has }))),
    [{}],
  )
}
