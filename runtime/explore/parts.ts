/**
 * The states of the parts, the messages, and what may be under way, each under a number. What a part does when it is
 * told something depends on that part alone: it is worked out once, and looked up wherever else it comes about.
 */
import type { EventObject } from 'xstate'
import type { Address } from '../contract.ts'
import type { World } from '../world.ts'
import { type Act, type Assembly, acted, type Stepped, told } from './assembly.ts'
import type { Left } from './budgets.ts'

/** A part as it is known: one of the worlds that have this view. */
interface Known {
  readonly view: string
  readonly world: World
  readonly acts: readonly Act[]
  readonly unsaid: readonly { readonly to: Address; readonly type: string }[]
  readonly nexts: Map<number, Next | undefined>
  /** What is wrong between it and another. */
  readonly sentences: Map<number, string | undefined>
  /** Which messages are in vain. */
  readonly vain: Map<number, boolean>
}
/** What a part becomes, and what it says to which others. */
export interface Next {
  readonly part: number
  readonly said: readonly (readonly [place: number, message: number])[]
  readonly violation: string | undefined
}

const MOST_MESSAGES = 2 ** 13
const MOST = 2 ** 5

export class Parts {
  private readonly assembly: Assembly
  private readonly addresses: readonly Address[]
  private readonly known: Known[] = []
  private readonly numbers = new Map<string, number>()
  private readonly messages: EventObject[] = []
  private readonly messageNumbers = new Map<string, number>()
  private readonly left: Left
  private readonly seen = new Map<number, number>()
  /** How many steps of a machine were worked out. */
  worked = 0

  constructor(assembly: Assembly, left: Left) {
    this.assembly = assembly
    this.addresses = assembly.parts.map(({ address }) => address)
    this.left = left
  }

  get count(): number {
    return this.known.length
  }

  /** The number of a part, as long as so much may happen. */
  numberOf(place: number, world: World, left: number): number {
    const address = this.addresses[place] as Address
    const view = this.assembly.view(world, address, this.left.of(left))
    const number = this.numbers.get(`${place} ${view}`)
    if (number !== undefined) return number
    this.numbers.set(`${place} ${view}`, this.known.length)
    const acts = this.assembly.acts(world, address)
    const unsaid = this.assembly.unsaid?.(world) ?? []
    return this.known.push({ view, world, acts, unsaid, nexts: new Map(), sentences: new Map(), vain: new Map() }) - 1
  }
  /** The same part, when less may happen. */
  with(left: number, place: number, part: number): number {
    const key = part * MOST + left
    const known = this.seen.get(key)
    if (known !== undefined) return known
    const number = this.numberOf(place, this.world(part), left)
    this.seen.set(key, number)
    return number
  }

  view(part: number): string {
    return (this.known[part] as Known).view
  }
  address(place: number): Address {
    return this.addresses[place] as Address
  }
  world(part: number): World {
    return (this.known[part] as Known).world
  }
  acts(part: number): readonly Act[] {
    return (this.known[part] as Known).acts
  }
  /** Whether a part is about to say one of these, to somebody or to anybody. */
  isToSay(part: number, types: readonly string[], place?: number): boolean {
    const to = place === undefined ? undefined : this.address(place)
    return (this.known[part] as Known).unsaid.some(
      (mail) => types.includes(mail.type) && (to === undefined || mail.to === to),
    )
  }
  isVain(part: number, message: number): boolean {
    const { world, vain } = this.known[part] as Known
    const known = vain.get(message)
    if (known !== undefined) return known
    const isVain = this.assembly.isVain?.(world, this.message(message)) === true
    vain.set(message, isVain)
    return isVain
  }
  message(number: number): EventObject {
    return this.messages[number] as EventObject
  }

  /** @param left what may happen afterwards @returns undefined when that is beyond the bounds */
  told(place: number, part: number, from: number, message: number, left: number): Next | undefined {
    const [sender, self] = [this.addresses[from] as Address, this.addresses[place] as Address]
    return this.remembered(place, part, ((message * MOST + from) * MOST + left) * 2, left, (before) =>
      told(this.assembly, before, [sender, self], this.message(message)),
    )
  }
  acted(place: number, part: number, act: number, left: number): Next | undefined {
    return this.remembered(place, part, (act * MOST + left) * 2 + 1, left, (before) =>
      acted(this.assembly, before, this.acts(part)[act] as Act),
    )
  }

  /** What is wrong between two parts. */
  between(one: number, other: number): string | undefined {
    const { world, sentences } = this.known[one] as Known
    if (sentences.has(other)) return sentences.get(other)
    const sentence = this.assembly.between?.(world, this.world(other))
    sentences.set(other, sentence)
    return sentence
  }

  private remembered(place: number, part: number, key: number, left: number, step: (before: World) => Stepped) {
    const { nexts, world } = this.known[part] as Known
    const known = nexts.get(key)
    if (known !== undefined || nexts.has(key)) return known
    const next = this.next(place, world, step(world), left)
    nexts.set(key, next)
    return next
  }
  private next(place: number, before: World, { world, said }: Stepped, left: number): Next | undefined {
    this.worked++
    if (this.assembly.isBeyond(world, this.addresses[place] as Address)) return undefined
    const part = this.numberOf(place, world, left)
    return { part, said: this.numbered(said), violation: this.assembly.across?.(before, world) }
  }
  private numbered(said: Stepped['said']): Next['said'] {
    return said.flatMap(({ to, event, isPlain }) => {
      const place = this.addresses.indexOf(to)
      if (place < 0) return []
      if (!isPlain) throw new Error(`${event.type} for ${to} is part of a conversation; parts may only send`)
      return [[place, this.messageNumber(event)] as const]
    })
  }
  private messageNumber(event: EventObject): number {
    const text = JSON.stringify(event)
    const known = this.messageNumbers.get(text)
    if (known !== undefined) return known
    if (this.messages.length === MOST_MESSAGES) throw new Error(`there are more than ${MOST_MESSAGES} messages`)
    this.messageNumbers.set(text, this.messages.length)
    return this.messages.push(event) - 1
  }
}
