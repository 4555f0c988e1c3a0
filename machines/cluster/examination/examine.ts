/**
 * The examination of a controller: whatever it does not observe, hears twice, in another order or from an old list, and
 * wherever it crashes, it comes to the same end; and it asks for nothing when nothing is to do.
 */
import type { Address } from '../../../runtime/contract.ts'
import type { TraceRecord } from '../../../runtime/trace.ts'
import type { ApiRequest } from '../../protocol/api.ts'
import type { CacheChanged } from '../../protocol/cache.ts'
import { AT_ANY_STEP, allAlong, type Disturbance } from './disturbances.ts'
import { difference } from './essence.ts'
import type { Exam } from './exam.ts'
import { MANAGER, type Reads } from './setting.ts'
import { BadExam, Sitting } from './sitting.ts'

export interface Examining {
  /** At how many of its steps each disturbance strikes: at all of them when nothing is said. */
  readonly moments?: number
  /** Told before each run. */
  readonly progress?: (words: string) => void
}
export interface Examined {
  /** How many runs there were, and how many steps the quiet one had. */
  readonly runs: number
  readonly steps: number
  readonly failures: readonly Failure[]
}
export interface Failure {
  /** What was done to it, and when. */
  readonly words: string
  /** How the end differs, or what was asked for without need. */
  readonly how: readonly string[]
}

const QUIET_WITHIN_MS = 600_000
/** Back-offs of up to 1000 s lie behind a controller that was disturbed. */
const SAME_WITHIN_MS = 1_800_000
const REST_MS = 20_000
const IDLE_MS = 180_000

/** Sits the examination. @throws {BadExam} when the controller does not come to the wanted end even undisturbed */
export function examine(exam: Exam, { moments, progress = () => {} }: Examining = {}): Examined {
  const begun = Sitting.begun(exam)
  progress('undisturbed')
  const quiet = undisturbed(begun)
  const failures: Failure[] = [...quiet.needless]
  let runs = 1
  const sit = (words: string, run: () => readonly string[]): void => {
    progress(words)
    runs++
    const how = run()
    if (how.length > 0) failures.push({ words, how })
  }
  for (const disturbance of allAlong(exam))
    sit(disturbance.words, () => disturbed(begun.fork().employ(disturbance.reads), disturbance, quiet.end))
  for (const disturbance of AT_ANY_STEP) {
    const course = disturbance.reads === 'near' ? quiet.steps : courseOf(begun, disturbance.reads)
    const going = begun.fork().employ(disturbance.reads)
    for (const step of chosen(course, moments)) {
      going.run(QUIET_WITHIN_MS, step)
      const words = `${disturbance.words} (at ${going.cluster.now} ms, step ${step})`
      sit(words, () => disturbed(going.fork(), disturbance, quiet.end))
    }
  }
  return { runs, steps: quiet.steps.length, failures }
}

interface Quiet {
  readonly end: readonly string[]
  /** After which of the world's steps the controller was at work. */
  readonly steps: readonly number[]
  readonly needless: readonly Failure[]
}

function undisturbed(begun: Sitting): Quiet {
  const sitting = begun.fork().employ()
  const steps = stepsOf(sitting)
  untilOver(sitting)
  steps.stop()
  sitting.run(sitting.cluster.now + REST_MS)
  const end = sitting.essence
  return { end, steps: steps.found, needless: needless(sitting) }
}

const courseOf = (begun: Sitting, reads: Reads): readonly number[] => {
  const sitting = begun.fork().employ(reads)
  const steps = stepsOf(sitting)
  untilOver(sitting)
  return steps.found
}

function untilOver(sitting: Sitting): void {
  const { cluster, exam } = sitting
  while (!sitting.isOver) {
    if (cluster.now > QUIET_WITHIN_MS) throw new BadExam(`${nameOf(exam)}: never came to its end: ${exam.wanted}`)
    sitting.run(cluster.now + 500)
  }
}

/** After each of its own steps, and those of its objects: that is where it may crash. */
function stepsOf({ cluster: { world }, exam }: Sitting): { readonly found: number[]; stop(): void } {
  const found: number[] = []
  const own = new Set(exam.controller.machines.map(({ id }) => id))
  const stop = world.observe(({ machine }) => {
    if (own.has(machine) && found.at(-1) !== world.counts.steps) found.push(world.counts.steps)
  })
  return { found, stop }
}

/** As many as are wanted, evenly, the first and the last among them. */
export function chosen(steps: readonly number[], moments = steps.length): readonly number[] {
  if (steps.length <= moments) return steps
  const every = (steps.length - 1) / Math.max(1, moments - 1)
  return Array.from({ length: moments }, (_, i) => steps[Math.floor(i * every)] as number)
}

/** @returns how its end differs from the quiet one; nothing when it does not */
function disturbed(sitting: Sitting, { strokes, twice }: Disturbance, end: readonly string[]): readonly string[] {
  const { cluster } = sitting
  const from = cluster.now
  if (twice === true) tellTwice(sitting)
  for (const { afterMs, strike } of strokes.toSorted((a, b) => a.afterMs - b.afterMs)) {
    sitting.run(from + afterMs)
    strike(cluster)
  }
  sitting.run(cluster.now + REST_MS)
  let interest = -1
  let wrong: readonly string[] = []
  for (let waitMs = 1_000; cluster.now < from + SAME_WITHIN_MS; waitMs = Math.min(30_000, waitMs * 1.3)) {
    if (interest !== cluster.interest || wrong.length > 0) {
      interest = cluster.interest
      const never = sitting.isOver ? [] : [`it never came to its end: ${sitting.exam.wanted}`]
      wrong = [...never, ...difference(sitting.essence, end)]
      if (wrong.length === 0) return []
    }
    sitting.run(cluster.now + waitMs)
  }
  return wrong
}

/** Each change of a cache comes a second time. */
function tellTwice({ cluster: { world }, exam }: Sitting): void {
  const own: Address = `${nameOf(exam)}-controller/manager`
  const told = new WeakSet<object>()
  world.observe(({ to, event }) => {
    if (to !== own || event.type !== 'cache.changed' || told.has(event)) return
    const again = { ...(event as CacheChanged), filled: false }
    told.add(again)
    // From inside the process, so that it comes behind what is under way, and overtakes nothing newer.
    world.send(own, again, MANAGER)
  })
}

/** What it asks for at its end: left alone for minutes, and when it begins anew with everything as it should be. */
function needless(sitting: Sitting): readonly Failure[] {
  const writes: string[] = []
  const stop = sitting.cluster.world.observe((record) => writes.push(...writesIn(sitting, record)))
  const found = (words: string): readonly Failure[] => {
    const how = writes.splice(0)
    return how.length === 0 ? [] : [{ words, how }]
  }
  sitting.run(sitting.cluster.now + IDLE_MS)
  const idle = found('nothing is to do, and nothing happens')
  sitting.cluster.faults.crash(MANAGER)
  sitting.run(sitting.cluster.now + IDLE_MS)
  const anew = found('nothing is to do, and it begins anew')
  stop()
  return [...idle, ...anew]
}

const MUTATING: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete', 'deletecollection'])

function writesIn({ exam }: Sitting, { machine, effects, to }: TraceRecord): readonly string[] {
  if (!exam.controller.machines.some(({ id }) => id === machine)) return []
  return effects.flatMap((effect) => {
    if (effect.do !== 'call' || effect.event.type !== 'api.request') return []
    const { verb, resource, subresource, namespace, name } = effect.event as ApiRequest
    if (!MUTATING.has(verb)) return []
    return [`${to} asks to ${verb} ${resource} ${namespace ?? ''}/${name ?? ''} ${subresource ?? ''}`.trimEnd()]
  })
}

const nameOf = ({ controller }: Exam): string => controller.member.name
