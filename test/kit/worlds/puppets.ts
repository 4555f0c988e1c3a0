/**
 * A stage for the kernel's own tests: puppets that do what they are told at once and note what they hear, on hosts with
 * plain latencies (1 ms between hosts, 0.1 ms within one), so that every moment can be reckoned in the head.
 */
import { setup } from 'xstate'
import { type Address, born, busy, type Effect, hostOf, verbs } from '../../../runtime/contract.ts'
import { compiledLogic, interpreted } from '../../../runtime/logic.ts'
import { micros } from '../../../runtime/network.ts'
import { type Item, type Options, World } from '../../../runtime/world.ts'

export interface Heard {
  readonly type: string
  readonly event: { readonly type: string }
  /** What the clock of its host showed, in ms since the beginning of the world. */
  readonly at: number
  readonly from: Address
  readonly call: number
  readonly line: string
}
interface Puppet {
  readonly heard: readonly Heard[]
  readonly disk: readonly (readonly [string, unknown])[] | undefined
  readonly dice: number
}
interface Said {
  readonly type: 'do' | 'work' | 'fail' | 'finish' | (typeof WORDS)[number]
  readonly effects?: readonly Effect[]
}
const WORDS = ['hello', 'asked', 'answered', 'opened', 'news', 'tick', 'tock'] as const
const RUNTIME = ['call.lost', 'stream.ended', 'stream.closed', 'peer.lost', 'send.refused', 'disk.synced', 'chosen']

export const EPOCH = 1_000_000
export const WORK_MS = 10
const { ask, update } = verbs<Puppet, Said>()
const noted = { actions: 'note' } as const

export const puppet = setup({
  types: { context: {} as Puppet, events: {} as Said },
  actions: {
    obey: ask('do', (_, { effects }) => effects ?? []),
    note: update(({ heard }, event, { at, from, call, line }) => ({
      heard: [...heard, { type: event.type, event, at: micros(at - EPOCH), from, call, line }],
    })),
    'be at work': ask(() => busy(WORK_MS)),
    break: update(() => {
      throw new Error('a string is torn')
    }),
  },
}).createMachine({
  id: 'puppet',
  context: born((_: unknown, { disk, dice }) => ({ heard: [], disk: disk?.entries(), dice })),
  initial: 'playing',
  states: {
    playing: {
      on: {
        ...Object.fromEntries([...WORDS, ...RUNTIME].map((word) => [word, noted])),
        do: { actions: 'obey' },
        work: { actions: ['note', 'be at work'] },
        fail: { actions: ['note', 'break'] },
        finish: 'over',
      },
    },
    over: { type: 'final' },
  },
})

/** Hears nothing of refusals: its chart does not name them. */
export const deaf = setup({
  types: { context: {} as Puppet, events: {} as Said },
  actions: { obey: ask('do', (_, { effects }) => effects ?? []) },
}).createMachine({
  id: 'deaf',
  context: { heard: [], disk: undefined, dice: 0 },
  initial: 'playing',
  states: { playing: { on: { do: { actions: 'obey' } } } },
})

/** Breaks as it is born. */
export const stillborn = setup({
  types: { context: {} as Record<string, never>, events: {} as Said },
  actions: {
    break: verbs<Record<string, never>, Said>().update(() => {
      throw new Error('it was never whole')
    }),
  },
}).createMachine({
  id: 'stillborn',
  context: {},
  initial: 'playing',
  states: { playing: { entry: 'break', tags: 'at rest' } },
})

const PLAIN: Partial<Options> = {
  epochMs: EPOCH,
  diskMs: 5,
  latencies: { loopback: { baseMs: 0.1, jitterMs: 0 }, lan: { baseMs: 1, jitterMs: 0 } },
}

export class Stage {
  readonly world: World

  /** @param processes their addresses; the hosts are in them */
  constructor(
    processes: readonly Address[],
    { byXState = false, ...options }: Partial<Options> & { byXState?: boolean } = {},
    from?: Stage,
  ) {
    const logics = [puppet, deaf, stillborn].map(byXState ? interpreted : compiledLogic)
    this.world =
      from?.world.fork() ?? new World(new Map(logics.map((logic) => [logic.id, logic])), { ...PLAIN, ...options })
    if (from !== undefined) return
    for (const host of new Set(processes.map(hostOf))) {
      this.world.addHost(host)
      this.world.boot(host)
    }
    for (const address of processes) this.world.spawn(address, 'puppet', {})
  }

  fork(): Stage {
    return new Stage([], {}, this)
  }

  /** The puppet asks for these effects now, before anything else happens. */
  tell(address: Address, ...effects: readonly Effect[]): this {
    return this.give(address, { type: 'do', effects })
  }

  /** One event now, out of the blue. */
  give(address: Address, event: Pick<Said, 'effects'> & { readonly type: string }): this {
    const item = { ...NOW, due: this.world.now, to: address, event } as Item
    this.world.perform(item)
    return this
  }

  /** Lets `ms` pass. */
  wait(ms: number): this {
    this.world.run(this.world.now + ms)
    return this
  }

  /** What an actor has heard in this life. */
  all(address: Address): readonly Heard[] {
    return this.context(address)?.heard ?? []
  }
  /** The types of what it has heard. */
  heard(address: Address): readonly string[] {
    return this.all(address).map(({ type }) => type)
  }
  /** The last event of a type that it has heard. @throws when there is none */
  last(address: Address, type: string): Heard {
    const found = this.all(address).findLast((each) => each.type === type)
    if (found === undefined) throw new Error(`${address} has heard no ${type}`)
    return found
  }
  context(address: Address): Puppet | undefined {
    return this.world.snapshot(address)?.context as Puppet | undefined
  }
  plays(address: Address): boolean {
    return this.world.snapshot(address) !== undefined
  }
}

const NOW: Partial<Item> = {
  seq: 0,
  kind: 'mail',
  from: 'director/stage',
  cause: 0,
  number: 0,
  text: '',
  link: '',
  born: 0,
  upTo: 0,
}
