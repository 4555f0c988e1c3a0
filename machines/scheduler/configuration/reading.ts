/** Reads plain data that a user wrote, field by field: what is wrong is noted with its path, and a default taken. */

export interface Problem {
  /** `profiles[0].pluginConfig[1].args.hardPodAffinityWeight`; '' is the whole. */
  readonly path: string
  readonly message: string
}
export const inWords = ({ path, message }: Problem): string => (path === '' ? message : `${path}: ${message}`)

/** A place in the data, with what is there. */
export class Reading {
  readonly path: string
  readonly value: unknown
  private readonly problems: Problem[]

  constructor(value: unknown, problems: Problem[], path = '') {
    this.value = value
    this.problems = problems
    this.path = path
  }

  get isThere(): boolean {
    return this.value !== undefined && this.value !== null
  }

  /** The field of an object; of anything else nothing. */
  at(key: string): Reading {
    const its = isObject(this.value) ? this.value[key] : undefined
    return new Reading(its, this.problems, this.path === '' ? key : `${this.path}.${key}`)
  }

  /** The items of a list; of what is not there none. */
  items(): readonly Reading[] {
    if (!this.isThere) return []
    if (!Array.isArray(this.value)) return this.wrong('expected a list') ?? []
    return this.value.map((item, i) => new Reading(item, this.problems, `${this.path}[${i}]`))
  }

  text(otherwise: string): string {
    if (!this.isThere) return otherwise
    return typeof this.value === 'string' ? this.value : (this.wrong('expected a text') ?? otherwise)
  }

  whole(otherwise: number): number {
    if (!this.isThere) return otherwise
    return Number.isInteger(this.value) ? (this.value as number) : (this.wrong('expected a whole number') ?? otherwise)
  }

  number(otherwise: number): number {
    if (!this.isThere) return otherwise
    return typeof this.value === 'number' ? this.value : (this.wrong('expected a number') ?? otherwise)
  }

  yes(otherwise: boolean): boolean {
    if (!this.isThere) return otherwise
    return typeof this.value === 'boolean' ? this.value : (this.wrong('expected true or false') ?? otherwise)
  }

  /** Notes a field that nobody knows, as strict decoding does. */
  knows(...keys: readonly string[]): this {
    if (this.isThere && !isObject(this.value)) this.wrong('expected an object')
    for (const key of Object.keys(isObject(this.value) ? this.value : {}))
      if (!keys.includes(key)) this.at(key).wrong(`unknown field "${this.at(key).path}"`)
    return this
  }

  invalid(message: string): undefined {
    return this.wrong(`Invalid value: ${JSON.stringify(this.value ?? null)}: ${message}`)
  }

  within(least: number, most: number, message: string, otherwise: number): number {
    const number = this.whole(otherwise)
    if (number < least || number > most) this.wrong(`Invalid value: ${number}: ${message}`)
    return number
  }

  oneOf<T extends string>(known: readonly T[], otherwise: T): T {
    const text = this.text(otherwise)
    if (!(known as readonly string[]).includes(text))
      this.wrong(`Unsupported value: "${text}": supported values: ${known.map((one) => `"${one}"`).join(', ')}`)
    return text as T
  }

  wrong(message: string): undefined {
    this.problems.push({ path: this.path, message })
    return undefined
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
