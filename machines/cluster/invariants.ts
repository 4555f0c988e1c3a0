/**
 * Everything that must hold in a cluster after each step, whatever is lost, late, frozen or cut: what each component
 * promises of itself, and what can be judged only from several of them. A step costs what it touched, no more.
 */
import type { Around, TraceRecord } from '../../runtime/trace.ts'
import type { World } from '../../runtime/world.ts'
import { invariants as ofApiServers } from '../apiserver/invariants.ts'
import { EVERYTHING, isSelection, type Selection, selectionOf } from '../apiserver/selection.ts'
import { invariants as ofDeployments } from '../controllers/deployment/invariants.ts'
import {
  type Electing,
  hasRenewed,
  type Leadership,
  overstayed,
  type Reflecting,
  relisted,
  watched,
} from '../controllers/kit/invariants.ts'
import { leads, type Context as Member } from '../etcd/context.ts'
import { leaderAppendOnly, violations } from '../etcd/invariants.ts'
import { termAt } from '../etcd/raft/log.ts'
import { violations as ofKubelets } from '../kubelet/invariants.ts'
import { type Profile, resourceOf } from '../lib/schema.ts'
import type { ApiAnswered, ApiRequest, WatchEvents } from '../protocol/api.ts'
import type { ReflectorInput } from '../protocol/cache.ts'
import type { Invariant, Step } from '../protocol/invariants.ts'
import { invariants as ofSchedulers } from '../scheduler/invariants.ts'
import { History } from './history.ts'
import { newestStore } from './objects.ts'

const OF_ONE_STEP: readonly Invariant<never>[] = [...ofSchedulers, ...ofDeployments, ...ofApiServers]

/** Which invariant a step broke, on whom, and how. */
export interface Breach {
  readonly says: string
  readonly on: string
  readonly how: string
  readonly at: number
}
export const inWords = ({ says, on, how, at }: Breach): string => `always: ${says} (at ${at} ms, ${on}: ${how})`

/** Watches a world from now on, step by step; what is seen of it is remembered here, not there. */
export class Watch {
  private readonly world: World
  private readonly profile: Profile
  private readonly members: readonly string[]
  private readonly history: History
  private readonly byMachine = new Map<string, Invariant<never>[]>()
  private readonly leaderships = new Map<string, Leadership>()
  private readonly electedAfter = new Map<string, number>()
  private readonly selections = new Map<string, Selection>()
  private operationsSeen: number
  /** The first one; nothing that comes after it is of interest. */
  breach: Breach | undefined

  constructor(world: World, profile: Profile, members: readonly string[], also: readonly Invariant<never>[] = []) {
    this.world = world
    this.profile = profile
    this.members = members
    this.history = new History(profile, newestStore(world, members)?.revision ?? 0)
    this.operationsSeen = world.recorded.length
    for (const invariant of [...OF_ONE_STEP, ...also]) {
      const { machine } = invariant
      this.byMachine.set(machine, [...(this.byMachine.get(machine) ?? []), invariant])
    }
  }

  /** A sink for the world. */
  readonly see = (record: TraceRecord, { before, after }: Around): void => {
    if (this.breach !== undefined || after === undefined) return
    const { at, from, to: self, event, effects } = record
    this.judge(record.machine, {
      self,
      at,
      from,
      event,
      effects,
      was: record.before,
      state: record.after,
      before: before?.context,
      after: after.context,
    })
  }

  private judge(machine: string, step: Step): void {
    for (const { says, broken } of this.byMachine.get(machine) ?? []) this.hold(says, step, broken(step as never))
    if (step.before !== undefined)
      for (const says of ofKubelets(machine, step)) this.hold(says, step, `after ${step.event.type}`)
    if (machine === 'etcd') this.judgeMember(step as Step<Member>)
    else if (machine === 'reflector') this.judgeReflector(step as Step<Reflecting & ReflectorInput>)
    else if (machine === 'leader-elector') this.noteElector(step as Step<Electing>)
    else if (machine === 'api-request') this.judgeAcknowledgement(step)
    if (step.effects.length > 0) this.judgeLeader(machine, step)
  }

  private hold(says: string, { self, at }: Step, how: string | undefined): void {
    if (how !== undefined) this.breach ??= { says, on: self, how, at }
  }

  private judgeMember(step: Step<Member>): void {
    const { before, after } = step
    if (before?.replica.store !== after.replica.store)
      this.hold(LOST, step, this.history.applied(before?.replica.store, after.replica.store))
    if (before !== undefined && isUntouched(before, after)) return
    const others = this.members.flatMap((member) => {
      const context = member === after.self ? undefined : this.world.snapshot(member)?.context
      return context === undefined ? [] : [context as Member]
    })
    const wrong = [...(before === undefined ? [] : leaderAppendOnly(before, after)), ...violations([...others, after])]
    this.hold('raft keeps its five safety properties', step, wrong[0])
    this.judgeSuccession(step)
  }

  /** Who leads, and has applied something of its own term, has applied all that was acknowledged before. */
  private judgeSuccession(step: Step<Member>): void {
    const { before, after } = step
    const { self, term, log, replica } = after
    if (!leads(after)) return
    const reign = `${self} ${term}`
    if (before === undefined || !leads(before) || before.term !== term)
      this.electedAfter.set(reign, this.history.revision)
    const known = this.electedAfter.get(reign)
    if (known === undefined || replica.store.revision >= known || termAt(log, after.applied) !== term) return
    this.hold(LOST, step, `leads in term ${term} with revision ${replica.store.revision}; ${known} was acknowledged`)
  }

  private judgeAcknowledgement(step: Step): void {
    for (const effect of step.effects) {
      if (effect.do !== 'answer' || effect.event.type !== 'api.answered') continue
      const { code, object } = effect.event as ApiAnswered
      const revision = Number(object?.metadata?.resourceVersion)
      if (code >= 300 || object === undefined || !(revision > this.history.first)) continue
      const { name } = object.metadata
      if (isDryRun(step.after) || this.history.wrote(revision, name)) continue
      this.hold(LOST, step, `acknowledges ${object.kind} ${name} at ${revision}, where no member has committed it`)
    }
  }

  private judgeReflector(step: Step<Reflecting & ReflectorInput>): void {
    const { event, before, after } = step
    if (event.type === 'api.answered' && (event as ApiAnswered).list !== undefined && after.cache !== before?.cache)
      this.hold('a relist ends in the listed state', step, relisted(step))
    if (event.type !== 'watch.events' || before === undefined) return
    const { changes, resourceVersion } = event as WatchEvents
    const from = Math.max(Number(before.cache.resourceVersion), this.history.first)
    const committed = this.history.between(after.resource, this.selectionOf(step), from, Number(resourceVersion))
    // What came before the beginning is believed.
    const known = changes.filter(({ object }) => Number(object.metadata.resourceVersion) > this.history.first)
    const told = { ...step, event: { ...event, changes: known } }
    this.hold('inside one watch no event is missed or out of order', step, watched(told, committed))
  }

  private selectionOf({ self, after }: Step<ReflectorInput>): Selection {
    const { resource, namespace, fieldSelector, labelSelector } = after
    const key = `${self} ${namespace} ${fieldSelector} ${labelSelector}`
    const known = this.selections.get(key)
    if (known !== undefined) return known
    const facts = resourceOf(this.profile, resource)
    const options = { ...(fieldSelector ? { fieldSelector } : {}), ...(labelSelector ? { labelSelector } : {}) }
    const request = { ...(namespace === undefined ? {} : { namespace }), options } as unknown as ApiRequest
    const selection = facts === undefined ? EVERYTHING : selectionOf(request, facts)
    const sure = isSelection(selection) ? selection : EVERYTHING
    this.selections.set(key, sure)
    return sure
  }

  private noteElector(step: Step<Electing>): void {
    if (!hasRenewed(step)) return
    const { tell } = step.after
    const thawedAt = this.leaderships.get(tell)?.thawedAt ?? Number.NEGATIVE_INFINITY
    this.leaderships.set(tell, { renewedAt: step.at, thawedAt })
  }

  private judgeLeader(machine: string, step: Step): void {
    if (LEADS_NOTHING.has(machine)) return
    this.noteThaws()
    const process = this.world.inside.actors.get(step.self)?.life.process
    const leadership = process === undefined ? undefined : this.leaderships.get(process)
    if (leadership !== undefined)
      this.hold('a leader acts no longer than its lease timings allow', step, overstayed(step, leadership))
  }

  /** Looks at what was done to the world since the last look. */
  private noteThaws(): void {
    const { recorded } = this.world
    for (; this.operationsSeen < recorded.length; this.operationsSeen++) {
      const { operation, at } = recorded[this.operationsSeen] as (typeof recorded)[number]
      if (operation.op !== 'resume') continue
      const known = this.leaderships.get(operation.process)
      if (known !== undefined) this.leaderships.set(operation.process, { ...known, thawedAt: at })
    }
  }
}

const LOST = 'no acknowledged write is lost'
/** The election itself, and what is told about it. */
const LEADS_NOTHING: ReadonlySet<string> = new Set(['leader-elector', 'event-recorder'])

const isUntouched = (a: Member, b: Member): boolean =>
  a.term === b.term && a.lead === b.lead && a.log === b.log && a.applied === b.applied && a.commit === b.commit

const isDryRun = (context: unknown): boolean =>
  (context as { readonly request?: ApiRequest }).request?.options?.dryRun === true
