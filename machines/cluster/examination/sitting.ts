/** One run of an examination: the small cluster, and the hands of users and kubelets that move in it. */
import type { Address } from '../../../runtime/contract.ts'
import type { Item } from '../../../runtime/world.ts'
import { create, patch, placeAt } from '../../lib/requests.ts'
import { resourceOfKind } from '../../lib/schema.ts'
import type { ApiAnswered, ApiRequest } from '../../protocol/api.ts'
import { type ApiObject, keyOf } from '../../protocol/objects.ts'
import type { Cluster } from '../cluster.ts'
import { essenceOf } from './essence.ts'
import type { Exam } from './exam.ts'
import { bootedFor, employ, FAR, type Reads } from './setting.ts'

const EXAMINER: Address = 'examiner/outside'
/** How often hands move. */
const BEAT_MS = 50
const PAUSE_MS = 1_000
export const EXAMINER_USER = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }

/** Without it no pod is admitted, and who makes it may not be there. */
const ACCOUNT: ApiObject = {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'default', namespace: 'default' },
}

/** Thrown when it is the examination that is wrong, not who is examined. */
export class BadExam extends Error {}

/** Where the acts have come to. */
interface Acting {
  readonly done: number
  readonly readyAt: number
  /** The number of the call that is open; 0 when none is. */
  readonly open: number
  /** An answer was lost: what is asked again may have been done. */
  readonly tried: boolean
}

export class Sitting {
  readonly cluster: Cluster
  readonly exam: Exam
  private acting: Acting = { done: 0, readyAt: 0, open: 0, tried: false }
  private asked = new Map<string, number>()
  private seen = -1
  private looked = 0

  constructor(cluster: Cluster, exam: Exam) {
    this.cluster = cluster
    this.exam = exam
    cluster.world.bindOutside(EXAMINER, (item) => this.answered(item))
  }

  /** At the moment when the given objects are there, and nobody is at work. */
  static begun(exam: Exam): Sitting {
    const sitting = new Sitting(bootedFor(exam), exam)
    for (const object of [ACCOUNT, ...(exam.given ?? [])]) sitting.give(object)
    return sitting
  }

  fork(): Sitting {
    const other = new Sitting(this.cluster.fork(), this.exam)
    other.acting = this.acting
    other.asked = new Map(this.asked)
    return other
  }

  employ(reads: Reads = 'near'): this {
    employ(this.cluster, this.exam, reads)
    this.acting = { ...this.acting, readyAt: this.cluster.now + PAUSE_MS }
    return this
  }

  /** All was done, and the end is the wanted one. */
  get isOver(): boolean {
    return this.acting.done === (this.exam.acts?.length ?? 0) && this.exam.holds(this.cluster)
  }
  get essence(): readonly string[] {
    return essenceOf(this.cluster, this.exam.free)
  }

  /** Lets time pass, until then or until so many things have happened. @returns false when it stopped before the time */
  run(untilMs: number, steps = Number.POSITIVE_INFINITY): boolean {
    const { world } = this.cluster
    while (world.now < untilMs) {
      const beat = Math.min(untilMs, (Math.floor(world.now / BEAT_MS) + 1) * BEAT_MS)
      for (let due = world.due; due !== undefined && due <= beat; due = world.due) {
        if (world.counts.steps >= steps) return false
        world.step()
      }
      world.sleep(beat)
      this.move()
    }
    return true
  }

  private move(): void {
    const { cluster } = this
    const { now, revision } = cluster
    this.act()
    if (revision === this.seen && now - this.looked < PAUSE_MS) return
    this.seen = revision
    this.looked = now
    for (const hand of this.exam.hands ?? []) for (const request of hand(cluster)) this.help(request)
  }

  private help(request: ApiRequest): void {
    const key = JSON.stringify(request)
    if ((this.asked.get(key) ?? Number.NEGATIVE_INFINITY) > this.cluster.now - PAUSE_MS) return
    this.asked.set(key, this.cluster.now)
    this.ask(request)
  }

  private act(): void {
    const { done, readyAt, open } = this.acting
    const act = this.exam.acts?.[done]
    if (act === undefined || open !== 0 || this.cluster.now < readyAt) return
    if (act.when?.(this.cluster) === false) return
    this.acting = { ...this.acting, open: this.ask(act.request(this.cluster)) }
  }

  private ask(event: ApiRequest): number {
    return this.cluster.world.operate({ op: 'call', to: FAR, from: EXAMINER, event })
  }

  private answered({ number, event }: Item): void {
    const { open, done, tried } = this.acting
    if (number !== open) return
    const readyAt = this.cluster.now + PAUSE_MS
    const { code = 503, status } = event as Partial<ApiAnswered>
    const isDone = code < 300 || (tried && (code === 404 || code === 409))
    if (!isDone && code < 500 && code !== 429)
      throw new BadExam(`"${this.exam.acts?.[done]?.words}" is refused: ${status?.message}`)
    this.acting = { done: isDone ? done + 1 : done, readyAt, open: 0, tried: !isDone }
  }

  /** Makes an object as it is given, with its status; who owns it is there already. */
  private give(given: ApiObject): void {
    const { profile } = this.cluster
    const facts = resourceOfKind(profile, given.apiVersion, given.kind)
    if (facts === undefined) throw new BadExam(`the API has no ${given.kind} of ${given.apiVersion}`)
    const object = this.withUids(given)
    const place = placeAt(facts.name, keyOf(object))
    this.must(create(EXAMINER_USER, place, object))
    const { status } = object as { readonly status?: unknown }
    if (status !== undefined && facts.subresources.includes('status'))
      this.must(patch(EXAMINER_USER, { ...place, subresource: 'status' }, 'merge', { status }))
  }

  private must(request: ApiRequest): void {
    const { world } = this.cluster
    const answers: ApiAnswered[] = []
    world.bindOutside(EXAMINER, ({ event }) => {
      answers.push(event as ApiAnswered)
    })
    this.ask(request)
    while (answers.length === 0 && world.due !== undefined) world.step()
    const [answer] = answers
    world.bindOutside(EXAMINER, (item) => this.answered(item))
    if (answer === undefined || answer.code >= 300)
      throw new BadExam(`${request.verb} ${request.resource} ${request.name} is refused: ${answer?.status?.message}`)
    this.cluster.run(100)
  }

  /** `uid of ReplicaSet web` becomes the uid that it was given. */
  private withUids(object: ApiObject): ApiObject {
    const text = JSON.stringify(object).replace(
      /uid of ([A-Za-z]+) ([a-z0-9-.]+)/g,
      (_, kind: string, name: string) => {
        const facts = this.cluster.profile.resources.find((each) => each.kind === kind)
        const found = this.cluster.get(facts?.name ?? kind).find(({ metadata }) => metadata.name === name)
        if (found?.metadata.uid === undefined) throw new BadExam(`${kind} ${name} is to be given before whom it owns`)
        return found.metadata.uid
      },
    )
    return JSON.parse(text) as ApiObject
  }
}
