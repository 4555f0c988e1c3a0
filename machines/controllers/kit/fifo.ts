/** A persistent queue of two lists: whatever is put in last comes out last, in constant time on average. */

export interface Fifo<T> {
  readonly front: Chain<T>
  /** What was put in since the front was last filled, newest first. */
  readonly back: Chain<T>
  readonly size: number
}
type Chain<T> = { readonly item: T; readonly next: Chain<T> } | undefined

const EMPTY: Fifo<never> = { front: undefined, back: undefined, size: 0 }
export const emptyFifo = <T>(): Fifo<T> => EMPTY

export const put = <T>({ front, back, size }: Fifo<T>, item: T): Fifo<T> => ({
  front,
  back: { item, next: back },
  size: size + 1,
})

/** The oldest item and the rest; undefined when there is none. */
export function take<T>(fifo: Fifo<T>): readonly [item: T, rest: Fifo<T>] | undefined {
  const { front, back, size } = fifo.front === undefined ? turned(fifo) : fifo
  return front === undefined ? undefined : [front.item, { front: front.next, back, size: size - 1 }]
}

function turned<T>({ back, size }: Fifo<T>): Fifo<T> {
  let front: Chain<T>
  for (let link = back; link !== undefined; link = link.next) front = { item: link.item, next: front }
  return { front, back: undefined, size }
}
