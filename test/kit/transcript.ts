/**
 * A story on a small world, as text: a command, `----`, what came out. Told again by the test, it comes out the same, or
 * somebody has to look; `UPDATE=1` writes what comes out now. A line that begins with `#` is for the reader alone.
 */
import type { Address } from '../../runtime/contract.ts'
import { dotted } from '../../runtime/inspect/state.ts'
import { lastChangeOf, Memory } from '../../runtime/inspect/why.ts'
import { BORN, type TraceRecord } from '../../runtime/trace.ts'
import type { Operation, World } from '../../runtime/world.ts'
import { counterWorld, leaseWorld, newspaperWorld, requestWorld } from './worlds/start.ts'

const WORLDS: Readonly<Record<string, () => World>> = {
  request: requestWorld,
  counter: counterWorld,
  lease: leaseWorld,
  newspaper: newspaperWorld,
}

/** @returns the same text with what comes out now. @throws when a command is not known, with its line */
export function retold(text: string): string {
  const story = new Story()
  const blocks = text.trim().split(/\n\s*\n/)
  const told = blocks.map((block) => {
    const [lines = ''] = block.split(/\n?----/)
    const commands = lines.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    if (commands.length === 0) return lines
    const came = commands.flatMap((command) => story.tell(command))
    return [lines, '----', ...came].join('\n')
  })
  return `${told.join('\n\n')}\n`
}

type Words = readonly string[]
/** What is done from outside, by its first words. */
const OPERATIONS: Readonly<Record<string, (words: Words) => Operation>> = {
  crash: ([process = '']) => ({ op: 'crash', process }),
  stop: ([process = '']) => ({ op: 'stop', process }),
  freeze: ([process = '']) => ({ op: 'pause', process }),
  thaw: ([process = '']) => ({ op: 'resume', process }),
  'power off': ([host = '']) => ({ op: 'powerOff', host }),
  'power on': ([host = '']) => ({ op: 'powerOn', host }),
  cut: ([from = '', arrow, to = '']) => ({ op: 'cut', from, to, oneWay: arrow === '→' }),
  heal: ([from = '', , to = '']) => ({ op: 'heal', from, to }),
  reset: ([from = '', , to = '']) => ({ op: 'reset', from, to }),
  delay: ([from = '', , to = '', by = '']) => ({ op: 'delay', from, to, ms: msOf(by) }),
  skew: ([host = '', by = '']) => ({ op: 'skew', host, ms: msOf(by) }),
  'slow disk': ([host = '', by = '']) => ({ op: 'slowDisk', host, ms: msOf(by) }),
  'fill disk': ([host = '']) => ({ op: 'fillDisk', host }),
  'free disk': ([host = '']) => ({ op: 'freeDisk', host }),
  'lose disk': ([process = '']) => ({ op: 'loseDisk', process }),
}

class Story {
  private world: World = requestWorld()
  private memory = new Memory()
  private out: string[] = []

  tell(command: string): readonly string[] {
    this.out = []
    const words = command.split(/\s+/)
    const operation = OPERATIONS[words.slice(0, 2).join(' ')]
    const [verb = ''] = words
    const rest = words.slice(operation === undefined ? 1 : 2)
    const letters = this.world.counts.deadLetters
    if (operation !== undefined) this.world.operate(operation(rest))
    else if (OPERATIONS[verb] !== undefined) this.world.operate(OPERATIONS[verb](rest))
    else this.look(verb, rest, command)
    const lost = this.world.counts.deadLetters - letters
    if (lost > 0 && verb !== 'world') this.out.push(`(${lost === 1 ? 'one letter' : `${lost} letters`} reached nobody)`)
    return this.out
  }

  private look(verb: string, [name = '', ...more]: Words, command: string): void {
    switch (verb) {
      case 'world':
        return this.begin(name)
      case 'run':
        return this.world.run(this.world.now + msOf(name))
      case 'start':
        this.world.operate({ op: 'spawn', address: name, machine: more[0] ?? roleOf(name), input: {} })
        return
      case 'show':
        return void this.out.push(this.shown(name))
      case 'disk':
        return void this.out.push(...this.disk(name))
      case 'why':
        return this.why(name)
      default:
        throw new Error(`the transcript knows no "${command}"`)
    }
  }

  private begin(name: string): void {
    const world = WORLDS[name]
    if (world === undefined) throw new Error(`there is no small world "${name}", but ${Object.keys(WORLDS).join(', ')}`)
    this.world = world()
    this.memory = new Memory()
    this.world.observe(this.memory.sink)
    this.world.observe((record) => this.out.push(inWords(record)))
    this.out.push(...this.world.addresses.map((address) => this.shown(address)))
  }

  private shown(address: Address): string {
    const snapshot = this.world.snapshot(address)
    if (snapshot === undefined) return `nobody is ${address}`
    const context = Object.entries(snapshot.context as object)
      .filter(([, value]) => value !== '')
      .map(([key, value]) => `${key} ${plainly(value)}`)
    return `${address} is ${[dotted(snapshot.value), ...context].join(', ')}`
  }

  private disk(process: Address): readonly string[] {
    const disk = this.world.inside.disks.get(process)
    return [`written ${plainly(disk?.written ?? {})}, of which safe ${plainly(disk?.synced ?? {})}`]
  }

  private why(address: Address): void {
    const record = this.memory.last(lastChangeOf(address))
    if (record === undefined) throw new Error(`${address} never changed its state`)
    this.out.push(...this.memory.why(record).map(inWords))
  }
}

/** `0.4 ms   asker/a → server/b: asked`, and where it led. */
function inWords({ at, from, to, event, before, after, crash }: TraceRecord): string {
  const time = clock(at).padEnd(14)
  if (crash !== undefined) return `${time}${to} crashes: ${crash.split('\n')[0]?.replace('Error: ', '')}`
  const [was, is] = [before ?? '', after ?? ''].map(dotted) as [string, string]
  if (event.type === BORN) return `${time}${to} is born, ${is}`
  const led = was === is ? '' : `   [${was} → ${is}]`
  return `${time}${from === to ? `${to}: ` : `${from} → ${to}: `}${said(event)}${led}`
}

/** The timers of states by their names; events with what they say. */
function said(event: { readonly type: string }): string {
  const timer = /^xstate\.after\.(.+?)\./.exec(event.type)?.[1]
  if (timer !== undefined) return `"${timer}" is over`
  const { type, ...rest } = event
  const told = Object.entries(rest).filter(([key, value]) => key !== 'line' && value !== '')
  return [type, ...told.map(([key, value]) => `${key} ${moment(key, value)}`)].join(' ')
}

/** Data in few words. */
function plainly(value: unknown): string {
  const text = JSON.stringify(value, (key, part: unknown) => (key === 'type' ? undefined : moment(key, part)))
  return text.replaceAll('"', '').replaceAll(/([:,])/g, '$1 ')
}
/** What a clock showed, as one reads it off a clock. */
const moment = (key: string, value: unknown): unknown =>
  key.endsWith('At') && typeof value === 'number'
    ? new Date(value).toISOString().slice(11, 19).replaceAll(':', '.')
    : value

const roleOf = (address: Address): string => address.slice(0, address.indexOf('/'))
const clock = (ms: number): string => (ms < 1_000 ? `${trim(ms)} ms` : `${trim(ms / 1_000)} s`)
const trim = (number: number): string => String(Math.round(number * 1_000_000) / 1_000_000)

/** `400ms`, `5s`, `-2m`. */
function msOf(text: string): number {
  const [, number, unit] = /^(-?[\d.]+)(ms|s|m)$/.exec(text) ?? []
  if (number === undefined) throw new Error(`"${text}" is no duration: write 400ms, 5s or 2m`)
  return Number(number) * (unit === 'ms' ? 1 : unit === 's' ? 1_000 : 60_000)
}
