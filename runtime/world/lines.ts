/** Calls and streams: opened, answered, continued, hung up, broken off. Both ends learn what a real connection tells. */
import type { EventObject } from 'xstate'
import type { Address, Call, HangUp, Stream } from '../contract.ts'
import { post, processOf, tell } from './mail.ts'
import type { Actor, Line, Tables } from './tables.ts'

export function openLine(tables: Tables, from: Address, actor: Actor, effect: Call | Stream): void {
  const { to, event, line, do: kind, connectMs } = effect
  closeLine(tables, from, actor, line)
  const number = tables.seq
  post(tables, actor.life.process, { kind: 'mail', from, to, event, number })
  const open: Line = connectMs === undefined ? { line, number, to, kind } : { line, number, to, kind, connectMs }
  actor.lines = actor.lines.with(open)
  count(tables, to, 1)
  if (kind === 'stream') tables.streams.set(number, { opener: from, line, server: to, opened: number })
}

export function hungUp(tables: Tables, from: Address, actor: Actor, { line }: HangUp): void {
  if (line !== undefined) closeLine(tables, from, actor, line)
  else for (const each of actor.lines.all) closeLine(tables, from, actor, each.line)
}

function closeLine(tables: Tables, from: Address, actor: Actor, line: string): void {
  const open = actor.lines.named(line)
  if (open === undefined) return
  actor.lines = actor.lines.without(open)
  count(tables, open.to, -1)
  if (open.kind === 'stream') closeStream(tables, from, open.number)
}

/** The opener's end is gone: the server is told, after all that the opener sent. */
export function closeStream(tables: Tables, opener: Address, number: number): void {
  const open = tables.streams.get(number)
  if (open === undefined) return
  tables.streams.delete(number)
  tell(tables, opener, open.server, { type: 'stream.closed', stream: number } as EventObject)
}

/** From the serving side. */
export function pushed(tables: Tables, from: Address, actor: Actor, stream: number, event: EventObject): void {
  const open = tables.streams.get(stream)
  if (open === undefined) tables.deadLetters++
  else post(tables, actor.life.process, { kind: 'push', from, to: open.opener, event, number: stream })
}

/** The serving side ends the stream: told behind what it pushed, on the opener's line. */
export function ended(tables: Tables, from: Address, actor: Actor, stream: number, reason: 'ended' | 'reset'): void {
  const open = tables.streams.get(stream)
  if (open === undefined) return
  const event = { type: 'stream.ended', line: open.line, reason } as EventObject
  post(tables, actor.life.process, { kind: 'answer', from, to: open.opener, event, number: stream })
  tables.streams.delete(stream)
}

/** Breaks off a call or a stream that the other side opened. */
export function brokenOff(tables: Tables, from: Address, actor: Actor, to: Address, number: number): void {
  if (tables.streams.has(number)) return ended(tables, from, actor, number, 'reset')
  const own = tables.actors.get(to)?.lines.numbered(number)
  const open = own ?? tables.outsideLines.get(number)
  if (open === undefined) return
  const event = lostEvent(open, 'reset')
  post(tables, actor.life.process, { kind: 'answer', from, to, event, number })
}

/** The line of an opener is lost: it is told on that line, over the connection to where it led. */
export function lose(tables: Tables, opener: Address, line: Line, reason: 'refused' | 'reset'): void {
  tables.streams.delete(line.number)
  const event = lostEvent(line, reason)
  const process = processOf(tables, line.to)
  post(tables, process, { kind: 'answer', from: line.to, to: opener, event, number: line.number })
}

/** A role outside opens a call or a stream. @returns its number */
export function openOutside(
  tables: Tables,
  from: Address,
  to: Address,
  kind: Line['kind'],
  event: EventObject,
): number {
  const number = tables.seq
  post(tables, from, { kind: 'mail', from, to, event, number })
  tables.outsideLines.set(number, { line: '', number, to, kind, from })
  count(tables, to, 1)
  if (kind === 'stream') tables.streams.set(number, { opener: from, line: '', server: to, opened: number })
  return number
}

/** @returns whether it was open */
export function closedOutside(tables: Tables, number: number): boolean {
  const open = tables.outsideLines.get(number)
  if (open === undefined) return false
  tables.outsideLines.delete(number)
  count(tables, open.to, -1)
  return true
}

export function loseOutside(tables: Tables, number: number, reason: 'refused' | 'reset'): void {
  const open = tables.outsideLines.get(number)
  if (open !== undefined) lose(tables, open.from, open, reason)
}

/** Keeps the number of open lines that lead to a role. */
export function count(tables: Tables, to: Address, by: 1 | -1): void {
  const now = (tables.inbound.get(to) ?? 0) + by
  if (now === 0) tables.inbound.delete(to)
  else tables.inbound.set(to, now)
}

export const lostEvent = ({ kind, line }: Line, reason: 'refused' | 'reset'): EventObject =>
  ({ type: kind === 'call' ? 'call.lost' : 'stream.ended', line, reason }) as EventObject
