/** The door between a live cluster and the clients outside: their questions become recorded operations on the world. */
import type { EventObject } from 'xstate'
import { LOAD_BALANCER } from '../../machines/cluster/layout.ts'
import type { Address } from '../../runtime/contract.ts'
import type { World } from '../../runtime/world.ts'

/** The role of everybody outside: they sit at the workstation and reach the API through the load balancer. */
const CLIENT: Address = 'client/workstation'

type Told = (event: EventObject) => void

export class Gateway {
  private readonly world: World
  private readonly open = new Map<number, Told>()
  /** Called whenever the outside says something or is told something. */
  private readonly noticed: () => void
  /** Calls, and streams whose opening nobody has seen yet, with the virtual time at which they were asked. */
  private readonly waiting = new Map<number, number>()

  constructor(world: World, noticed: () => void) {
    this.world = world
    this.noticed = noticed
    world.bindOutside(CLIENT, ({ number, kind, event }) => {
      const told = this.open.get(number)
      this.waiting.delete(number)
      if (kind === 'answer') this.open.delete(number)
      this.noticed()
      told?.(event)
    })
  }

  /** How many questions the world has not answered yet, of those that were asked since. */
  asking(sinceMs: number): number {
    let count = 0
    for (const askedAt of this.waiting.values()) if (askedAt >= sinceMs) count++
    return count
  }

  /** @returns its number */
  call(event: EventObject, answered: Told, to: Address = LOAD_BALANCER): number {
    return this.opened('call', event, answered, to)
  }

  /** @returns its number */
  stream(event: EventObject, told: Told): number {
    return this.opened('stream', event, told, LOAD_BALANCER)
  }

  /** The client has gone. */
  hangUp(number: number): void {
    if (!this.open.delete(number)) return
    this.waiting.delete(number)
    this.noticed()
    this.world.operate({ op: 'hangUp', number, from: CLIENT })
  }

  /** A stream that is open and quiet keeps nobody waiting. */
  settled(number: number): void {
    this.waiting.delete(number)
  }

  private opened(op: 'call' | 'stream', event: EventObject, told: Told, to: Address): number {
    const number = this.world.operate({ op, to, event, from: CLIENT })
    this.open.set(number, told)
    this.waiting.set(number, this.world.now)
    this.noticed()
    return number
  }
}
