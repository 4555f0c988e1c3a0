/**
 * A world in parts. Each part is a world of one process; between the parts lie connections, first in first out, and
 * nothing binds their order: neither that of the connections nor that of the clocks, for each part has its own. Parts
 * speak by plain messages (`send`); calls and streams lead to the outside, and what is answered there is not looked at.
 */
import type { EventObject } from 'xstate'
import type { Address } from '../contract.ts'
import type { World } from '../world.ts'

/** Something that a part may do, or that may be done to it, whatever the others do. */
export interface Act {
  /** The same words for the same act in every world that has the same view. */
  readonly words: string
  /** Which of the budgets it draws on; when that is spent, it happens no more. */
  readonly budget?: string
  /** It waits until none of these questions of its own, and none of these answers to it, is under way or about to be said. */
  readonly until?: { readonly asked: readonly string[]; readonly answered: readonly string[] }
  /** What is under way to the part is lost with it. */
  readonly losesMail?: boolean
  readonly take: (world: World) => void
}
export type Budgets = Readonly<Record<string, number>>

export interface Assembly {
  /** Each lives in a world of its own, with nobody else. */
  readonly parts: readonly { readonly address: Address; readonly world: World }[]
  /** How often what is drawn on may happen. */
  readonly budgets: Budgets
  /** How many messages may be under way on one connection: a step that would send more is not taken. */
  readonly room: number
  /** What may happen at a part. */
  acts(world: World, address: Address): readonly Act[]
  /** What it does before anything else can happen. */
  settle?(world: World): void
  /** All of a part on which what is ahead depends, as long as so much may happen: of one text, of one future. */
  view(world: World, address: Address, left: Budgets): string
  /**
   * A view, or a message as JSON, as it would be if every part had the name of another. Only where the parts are
   * interchangeable; then states that are the same but for the names are met once.
   */
  renamed?(text: string, name: (address: Address) => Address): string
  /** A step that leads there is not taken. */
  isBeyond(world: World, address: Address): boolean
  /** Whether a message under way to it changes nothing and is answered by nothing, now and whatever comes: it is forgotten. */
  isVain?(world: World, event: EventObject): boolean
  /** What it is about to say, once something else has happened at it. */
  unsaid?(world: World): readonly { readonly to: Address; readonly type: string }[]
  /** What must hold of any two parts, in a sentence where it does not. */
  between?(one: World, other: World): string | undefined
  /** What must hold of one step of a part. */
  across?(before: World, after: World): string | undefined
}

/** What a step of a part comes to: the world after it, and what it said to the other parts. */
export interface Stepped {
  readonly world: World
  readonly said: readonly Said[]
}
interface Said {
  readonly to: Address
  readonly event: EventObject
  /** A message of its own, and no part of a conversation. */
  readonly isPlain: boolean
}

/** An act happens in a copy of the part. */
export function acted({ settle }: Assembly, before: World, act: Act): Stepped {
  const world = before.fork()
  act.take(world)
  settle?.(world)
  return { world, said: leaving(world) }
}

/** What another part said arrives, now by the clock of this one, in a copy of it. */
export function told({ settle }: Assembly, before: World, [from, to]: Way, event: EventObject): Stepped {
  const world = before.fork()
  world.operate({ op: 'send', from, to, event })
  const item = world.inside.agenda.items.find(({ link }) => link !== '')
  if (item === undefined) throw new Error(`${event.type} from ${from} did not set out for ${to}`)
  world.inside.agenda.remove(item)
  world.perform({ ...item, due: world.now })
  settle?.(world)
  return { world, said: leaving(world) }
}

type Way = readonly [from: Address, to: Address]

function leaving({ inside }: World): Stepped['said'] {
  const items = inside.agenda.items.filter(({ link }) => link !== '').sort((a, b) => a.seq - b.seq)
  inside.agenda = inside.agenda.keep(({ link }) => link === '')
  return items.map(({ to, event, kind, number }) => ({ to, event, isPlain: kind === 'mail' && number === 0 }))
}
