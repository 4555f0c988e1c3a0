/** What was made for a question is kept as long as the question is asked: one that was not for a while is forgotten. */
export class Recently<V> {
  private readonly most: number
  private recent = new Map<string, V>()
  private earlier = new Map<string, V>()

  /** @param most questions of a while: at most twice as many are kept */
  constructor(most: number) {
    this.most = most
  }

  of(question: string, make: () => V): V {
    const known = this.recent.get(question)
    if (known !== undefined) return known
    const value = this.earlier.get(question) ?? make()
    if (this.recent.size >= this.most) [this.earlier, this.recent] = [this.recent, new Map()]
    this.recent.set(question, value)
    return value
  }
}
