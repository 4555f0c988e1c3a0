/** A recorded scenario of a cluster, and what of it is compared: roles, votes, answers, health, who is still running. */

export interface Event {
  /** Seconds from the scenario's start. */
  readonly t: number
  readonly ev: 'log' | 'client' | 'admin' | 'health' | 'signal' | 'start' | 'note'
  readonly member?: string
  readonly msg?: string
  readonly op?: string
  readonly ms?: number
  readonly result?: string
  readonly code?: number | null
  readonly signal?: string
  readonly query?: string
  readonly detail?: { readonly errors?: readonly string[]; readonly leader?: string }
}
export interface Recording {
  readonly name: string
  readonly members: number
  readonly description: string
  readonly timeline: readonly Event[]
}

/** Something that was seen, of the recording or of our own run. Members in the text stand in `<>`. */
export interface Seen {
  readonly atMs: number
  readonly by: string
  readonly text: string
}

/** Changes of role, of the leader, and votes: what the raft library logs of itself. */
const COMPARED =
  /became (follower|pre-candidate|candidate|leader) at term|is starting a new election|(elected|lost) leader|changed leader|(cast|rejected|ignored) Msg(Pre)?Vote/

/** The lines of the members' logs that are compared, without their details. */
export const roleChanges = ({ timeline, members }: Recording): readonly Seen[] =>
  timeline.flatMap(({ ev, t, member, msg = '' }) =>
    ev === 'log' && member !== undefined && COMPARED.test(msg)
      ? [{ atMs: t * 1_000, by: member, text: bare(msg, members) }]
      : [],
  )

/** Terms are told by their order: a cluster that is recorded may have had elections before. */
const bare = (msg: string, _: number): string =>
  msg
    .replace(/^raft\.node: /, '')
    .replace(/ \[logterm[^\]]*\]/g, '')
    .replace(/: lease is not expired.*/, '')
    .replace(/\b(m\d+)\b/g, '<$1>')

/** Who led when the scenario began, as far as the recording tells: by whom it was lost, or by what is said of a signal. */
export function firstLeader({ timeline, description }: Recording): string | undefined {
  const lost = timeline.flatMap(({ msg = '' }) => /(?:lost leader|changed leader from) (m\d+)/.exec(msg)?.[1] ?? [])
  if (lost[0] !== undefined) return lost[0]
  const known = timeline.flatMap(({ msg = '' }) => /elected leader (m\d+) at term (\d+)/.exec(msg) ?? [])
  const [, leader, term] = known
  if (leader !== undefined && !timeline.some(({ msg }) => msg === `${leader} became leader at term ${term}`))
    return leader
  const signalled = timeline.find(({ ev }) => ev === 'signal')?.member
  if (/leader SIG/.test(description)) return signalled
  const client = timeline.find(({ ev }) => ev === 'client')?.member
  if (/through the leader/.test(description)) return client
  return undefined
}
/** Those of whom it is said that they follow. */
export const firstFollowers = ({ timeline, description }: Recording): readonly string[] =>
  /follower (SIG|killed)|one follower/.test(description)
    ? timeline.flatMap(({ ev, member = '' }) => (ev === 'signal' ? [member] : []))
    : []

/** The cluster begins with the scenario, rather than before it. */
export const begins = ({ timeline, members }: Recording): boolean =>
  timeline.filter(({ ev, msg = '' }) => ev === 'log' && / became follower at term 0/.test(msg)).length >= members &&
  !timeline.some(({ ev }) => ev === 'signal')

/** When a process was started, as its log tells. */
export const births = (recording: Recording): readonly Event[] =>
  begins(recording)
    ? recording.timeline.filter(({ ev, msg = '' }) => ev === 'log' && / became follower at term 0/.test(msg))
    : restarts(recording)

/** When a request was made: clients' are noted as they begin, an administrator's as they end. */
export const askedAt = ({ ev, t, ms = 0 }: Event): number => (ev === 'admin' ? t * 1_000 - ms : t * 1_000)

/** When a member that was killed is there again. */
const restarts = ({ timeline }: Recording): readonly Event[] =>
  timeline.filter(
    ({ ev, t, member, msg = '' }) =>
      ev === 'log' &&
      /switched to configuration voters=\(\)/.test(msg) &&
      timeline.some(
        (kill) => kill.ev === 'signal' && kill.signal === 'SIGKILL' && kill.member === member && kill.t < t,
      ) &&
      !timeline.some((start) => start.ev === 'start' && start.member === member),
  )
