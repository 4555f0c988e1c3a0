/**
 * Runs scripts in small steps: takes the innermost of what was begun, does one thing, until the process has to wait for
 * something. Modelled on BusyBox ash.
 */
import { matches } from '../wildcard.ts'
import { finish } from './ending.ts'
import { Expansion, outputsWanted } from './expansion.ts'
import { SyntaxFailure } from './lexer.ts'
import { parse } from './parser.ts'
import { type Frame, fork, type Process, push, type Run, say, script, type Working } from './process.ts'
import { redirect } from './redirect.ts'
import { perform } from './simple-command.ts'
import type { AndOr, Case, Command, For, Group, Pipeline, SimpleCommand, Word } from './syntax.ts'
import { lookupIn } from './variables.ts'

/** A loop that never waits takes all it can get of a processor: so many steps, then a moment's rest. */
const STEPS_AT_ONCE = 2_000
const SPINNING_MS = 1_000

/** Runs every process up to where it waits. */
export function runAll(run: Run): void {
  for (let steps = 0; ; steps++) {
    const process = run.processes.find(({ blocked }) => blocked === undefined)
    if (process === undefined) return
    if (steps >= STEPS_AT_ONCE) {
      process.blocked = { on: 'time', until: run.now + SPINNING_MS, status: process.status }
      steps = 0
    } else stepped(run, process)
  }
}

function stepped(run: Run, process: Working<Process>): void {
  try {
    step(run, process)
  } catch (failure) {
    if (!(failure instanceof SyntaxFailure) && !(failure instanceof RangeError)) throw failure
    say(run, process.err, `sh: ${failure.message}\n`)
    process.frames = [{ is: 'exiting', status: 2 }]
  }
}

function step(run: Run, process: Working<Process>): void {
  const [signal, ...later] = process.pending
  if (signal !== undefined) {
    process.pending = later
    push(process, { is: 'trapped', status: process.status }, script(parse(process.traps[signal] ?? '')))
    return
  }
  const frame = process.frames.at(-1)
  if (frame === undefined) return end(run, process, process.status)
  process.frames = process.frames.slice(0, -1)
  advance(run, process, frame)
}

/** Runs the EXIT trap first, once. */
function end(run: Run, process: Working<Process>, status: number): void {
  const { EXIT, ...traps } = process.traps
  if (EXIT === undefined || EXIT === '') return finish(run, process, status)
  process.traps = traps
  process.frames = [{ is: 'exiting', status }, script(parse(EXIT))]
}

function advance(run: Run, process: Working<Process>, frame: Frame): void {
  switch (frame.is) {
    case 'script':
      return next(run, process, frame)
    case 'andOr':
      return joint(run, process, frame)
    case 'pipeline':
      return piped(run, process, frame)
    case 'negation':
      process.status = process.status === 0 ? 1 : 0
      return
    case 'if':
      return push(process, script(process.status === 0 ? frame.of.then : frame.of.otherwise))
    case 'loop':
      return loop(process, frame)
    case 'for':
      return forNext(process, frame)
    case 'expanding':
      return expanding(run, process, frame)
    case 'restoring':
      process.out = frame.out
      process.err = frame.err
      process.stdin = frame.stdin
      return
    case 'trapped':
      process.status = frame.status
      return
    case 'exiting':
      process.frames = []
      return end(run, process, frame.status ?? process.status)
  }
}

function next(run: Run, process: Working<Process>, frame: Extract<Frame, { is: 'script' }>): void {
  const andOr = frame.script[frame.next]
  if (andOr === undefined) return
  if (frame.next + 1 < frame.script.length) push(process, { ...frame, next: frame.next + 1 })
  if (andOr.background) return inBackground(run, process, andOr)
  if (andOr.rest.length > 0) push(process, { is: 'andOr', rest: andOr.rest, next: 0 })
  begin(run, process, andOr.first)
}

function inBackground(run: Run, process: Working<Process>, andOr: AndOr): void {
  const child = fork(run, process, { stdin: '' })
  push(child, script([{ ...andOr, background: false }]))
  process.jobs = [...process.jobs.filter(({ pid }) => pid !== child.pid), { pid: child.pid, status: undefined }]
  process.status = 0
}

function begin(run: Run, process: Working<Process>, pipeline: Pipeline): void {
  if (pipeline.negated) push(process, { is: 'negation' })
  const [only] = pipeline.commands
  if (pipeline.commands.length > 1) push(process, { is: 'pipeline', of: pipeline, next: 0 })
  else command(run, process, only as Command)
}

function joint(run: Run, process: Working<Process>, frame: Extract<Frame, { is: 'andOr' }>): void {
  const { rest, next } = frame
  const { after, pipeline } = rest[next] as (typeof rest)[number]
  if (next + 1 < rest.length) push(process, { is: 'andOr', rest, next: next + 1 })
  if ((process.status === 0) === (after === 'success')) begin(run, process, pipeline)
}

/** One command after the other, each reading all that the one before has written. */
function piped(run: Run, process: Working<Process>, { of, next }: Extract<Frame, { is: 'pipeline' }>): void {
  const stdin = next === 0 ? process.stdin : (process.received ?? '')
  const last = next === of.commands.length - 1
  if (!last) push(process, { is: 'pipeline', of, next: next + 1 })
  const child = fork(run, process, { stdin })
  if (!last) child.out = { to: 'collector', pid: child.pid, stream: 'stdout' }
  command(run, child, of.commands[next] as Command)
  process.blocked = { on: 'child', pid: child.pid }
}

function command(run: Run, process: Working<Process>, of: Command): void {
  switch (of.is) {
    case 'simple':
    case 'for':
    case 'case':
      return push(process, { is: 'expanding', of, outputs: [] })
    case 'if':
      return push(process, { is: 'if', of }, script(of.condition))
    case 'loop':
      return push(process, { is: 'loop', of, testing: true }, script(of.condition))
    case 'group':
      return group(run, process, of)
  }
}

/** In parentheses: a process of its own, whose changes of variables are lost. */
function group(run: Run, process: Working<Process>, { body, redirects, subshell }: Group): void {
  const expansion = new Expansion(lookupIn(process), [])
  const why = redirect(run, process, redirects, expansion)
  if (why !== undefined) {
    say(run, process.err, `sh: ${why}\n`)
    process.status = 1
  } else if (subshell) {
    const child = fork(run, process, {})
    push(child, script(body))
    process.blocked = { on: 'child', pid: child.pid }
  } else push(process, script(body))
}

function loop(process: Working<Process>, { of, testing }: Extract<Frame, { is: 'loop' }>): void {
  if (!testing) push(process, { is: 'loop', of, testing: true }, script(of.condition))
  else if ((process.status === 0) === of.goesOnWhile) push(process, { is: 'loop', of, testing: false }, script(of.body))
  else process.status = 0
}

function forNext(process: Working<Process>, frame: Extract<Frame, { is: 'for' }>): void {
  const value = frame.fields[frame.next]
  if (value === undefined) return
  process.variables = { ...process.variables, [frame.of.name]: value }
  push(process, { ...frame, next: frame.next + 1 }, script(frame.of.body))
}

/** Runs the `$(…)` of the words one after another; with all of them at hand, does what the words say. */
function expanding(run: Run, process: Working<Process>, { of, outputs }: Extract<Frame, { is: 'expanding' }>): void {
  const received = process.received
  process.received = undefined
  const known = received === undefined ? outputs : [...outputs, received]
  const wanted = outputsWanted(wordsOf(of))[known.length]
  if (wanted !== undefined) {
    push(process, { is: 'expanding', of, outputs: known })
    const child = fork(run, process, {})
    child.out = { to: 'collector', pid: child.pid, stream: 'stdout' }
    push(child, script(wanted))
    process.blocked = { on: 'child', pid: child.pid }
  } else if (of.is === 'simple') perform(run, process, of, known)
  else if (of.is === 'for') push(process, { is: 'for', of, fields: fieldsOf(of.words, process, known), next: 0 })
  else chosen(process, of, known)
}

function fieldsOf(words: readonly Word[], process: Process, outputs: readonly string[]): readonly string[] {
  const expansion = new Expansion(lookupIn(process), outputs)
  return words.flatMap((word) => expansion.fieldsOf(word))
}

function wordsOf(of: SimpleCommand | For | Case): readonly Word[] {
  if (of.is === 'for') return of.words
  if (of.is === 'case') return [of.word, ...of.arms.flatMap(({ patterns }) => patterns)]
  return [...of.assignments.map(({ word }) => word), ...of.words, ...of.redirects.map(({ word }) => word)]
}

function chosen(process: Working<Process>, of: Case, outputs: readonly string[]): void {
  const expansion = new Expansion(lookupIn(process), outputs)
  const [text = '', ...patterns] = wordsOf(of).map((word) => expansion.textOf(word))
  let at = 0
  for (const arm of of.arms) {
    const mine = patterns.slice(at, (at += arm.patterns.length))
    if (mine.some((pattern) => matches(pattern, text))) return push(process, script(arm.body))
  }
  process.status = 0
}
