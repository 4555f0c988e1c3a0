/** What happened, for people: who did what and why, in virtual time. Read from Events, commands and faults as they come. */
import type { EventObject } from 'xstate'
import type { Cluster } from '../machines/cluster/cluster.ts'
import type { ApiRequest } from '../machines/protocol/api.ts'
import type { ApiObject, Event } from '../machines/protocol/objects.ts'
import { BORN, type TraceRecord } from '../runtime/trace.ts'
import type { Operation } from '../runtime/world.ts'
import { clock, paint } from './terminal.ts'

/** One line of the story. */
export interface Told {
  readonly at: number
  readonly who: string
  readonly what: string
  readonly kind: 'command' | 'fault' | 'event' | 'warning' | 'node'
}

/** Follows a cluster and tells each line as it happens. */
export class Timeline {
  readonly lines: Told[] = []
  readonly stop: () => void
  private readonly cluster: Cluster
  private readonly tell: (line: string, told: Told) => void
  private faults: number

  constructor(cluster: Cluster, tell: (line: string, told: Told) => void = () => undefined) {
    this.cluster = cluster
    this.tell = tell
    this.faults = cluster.world.recorded.length
    const unobserve = cluster.world.observe((record) => this.take(record))
    const unlook = cluster.look(() => this.newFaults())
    this.stop = () => {
      this.newFaults()
      unobserve()
      unlook()
    }
  }

  private take(record: TraceRecord): void {
    this.newFaults()
    if (record.event.type !== BORN) return
    const { machine, input } = record.event as EventObject & { machine: string; input: unknown }
    if (machine.startsWith('kubectl-')) this.say(record.at, commandOf(input))
    if (machine === 'api-request') this.request((input as { request: ApiRequest }).request, record.at)
  }

  private request({ verb, resource, namespace, name, body }: ApiRequest, at: number): void {
    if (resource !== 'events') return
    if (verb === 'create') this.event(body as Event, at)
    const again = verb === 'patch' ? this.cluster.object<Event>('events', name ?? '', namespace) : undefined
    if (again !== undefined) this.event(again, at)
  }

  private event({ involvedObject: about, reason, message, source, type }: Event, at: number): void {
    const where = about.namespace === undefined || about.namespace === '' ? '' : `${about.namespace}/`
    const who = [source?.component, source?.host].filter((part) => part !== undefined && part !== '').join(' ')
    const what = `${about.kind} ${where}${about.name}: ${reason}: ${message}`
    this.say(at, { who, what, kind: type === 'Warning' ? 'warning' : about.kind === 'Node' ? 'node' : 'event' })
  }

  private newFaults(): void {
    const { recorded } = this.cluster.world
    if (recorded.length === this.faults) return
    for (const { at, operation } of recorded.slice(this.faults)) {
      const what = faultOf(operation)
      if (what !== undefined) this.say(at, { who: 'fault', what, kind: 'fault' })
    }
    this.faults = recorded.length
  }

  private say(at: number, said: Omit<Told, 'at'>): void {
    const told = { at, ...said }
    this.lines.push(told)
    this.tell(inWords(told), told)
  }
}

const COLOURS = { command: 'cyan', fault: 'red', event: 'reset', warning: 'yellow', node: 'magenta' } as const

export const inWords = ({ at, who, what, kind }: Told): string =>
  `${paint('dim', clock(at).padStart(10))}  ${paint('bold', who.padEnd(30))}  ${paint(COLOURS[kind], what)}`

function commandOf(input: unknown): Omit<Told, 'at'> {
  const { command } = input as { command: Readonly<Record<string, unknown>> }
  const { command: verb, objects, ...rest } = command
  const names = (objects as readonly { object: ApiObject }[] | undefined)?.map(
    ({ object }) => `${object.kind}/${object.metadata.name}`,
  )
  const details =
    names ?? Object.values(rest).map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value)))
  return { who: 'user', what: `kubectl ${String(verb)} ${details.join(' ')}`, kind: 'command' }
}

/** Faults in words; what is no fault (mail, commands) is undefined. */
function faultOf(operation: Operation): string | undefined {
  switch (operation.op) {
    case 'crash':
    case 'pause':
    case 'resume':
    case 'stop':
    case 'loseDisk':
      return `${operation.op} ${operation.process}`
    case 'fillDisk':
    case 'freeDisk':
      return `${operation.op} ${operation.host}`
    case 'powerOff':
      return `power off ${operation.host}`
    case 'powerOn':
      return `power on ${operation.host}`
    case 'cut':
    case 'heal':
    case 'reset':
      return `${operation.op} ${operation.from} – ${operation.to}`
    case 'delay':
      return `delay ${operation.from} → ${operation.to} by ${operation.ms} ms`
    case 'skew':
    case 'slowDisk':
      return `${operation.op} ${operation.host} ${operation.ms} ms`
    default:
      return undefined
  }
}
