/** What may be under way on a connection: every order of messages that was met, under a number. 0 is none. */
export class Queues {
  private readonly heads = [-1]
  private readonly rests = [0]
  private readonly lists: (readonly number[])[] = [[]]
  private readonly longer = new Map<number, number>()
  private readonly numbers = new Map<string, number>([['', 0]])

  /** The first message. */
  head(queue: number): number {
    return this.heads[queue] as number
  }
  rest(queue: number): number {
    return this.rests[queue] as number
  }
  list(queue: number): readonly number[] {
    return this.lists[queue] as readonly number[]
  }
  with(queue: number, message: number): number {
    const key = queue * 2 ** 13 + message
    const known = this.longer.get(key)
    if (known !== undefined) return known
    const longer = this.numberOf([...this.list(queue), message])
    this.longer.set(key, longer)
    return longer
  }

  /** Without some of its messages. */
  where(queue: number, stays: (message: number) => boolean): number {
    const list = this.list(queue)
    return list.every(stays) ? queue : this.numberOf(list.filter(stays))
  }

  private numberOf(list: readonly number[]): number {
    const text = list.join()
    const known = this.numbers.get(text)
    if (known !== undefined) return known
    const rest = this.numberOf(list.slice(1))
    const number = this.lists.push(list) - 1
    this.numbers.set(text, number)
    this.heads[number] = list[0] as number
    this.rests[number] = rest
    return number
  }
}
