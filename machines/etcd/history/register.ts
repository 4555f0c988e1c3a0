/**
 * One key of etcd as an object with a state, one touch at a time: what a linearizable store may answer. What a state
 * does not tell yet (the revision of a write that nobody answered) is undefined, until a read tells it.
 */
import type { Compare, KeyValue } from '../../protocol/etcd.ts'
import type { Deed, Touch } from './touches.ts'

/** `version` 0: the key is not there. */
export interface Register {
  readonly version: number | undefined
  readonly value: unknown
  readonly created: number | undefined
  readonly modified: number | undefined
}
const ABSENT: Register = { version: 0, value: undefined, created: 0, modified: 0 }
/** Anything may be there. */
const UNKNOWN = { version: undefined, value: undefined, created: undefined, modified: undefined }

/** A model for `disorders` (runtime/explore/linearizable.ts); each knows the values of one history. */
export function register() {
  const names = new Map<unknown, number>()
  const nameOf = (value: unknown): number => {
    const known = names.get(value)
    if (known !== undefined) return known
    names.set(value, names.size)
    return names.size - 1
  }
  return {
    initial: ABSENT,
    step: stepped,
    keyOf: ({ version, value, created, modified }: Register): string =>
      `${version} ${nameOf(value)} ${created} ${modified}`,
  }
}

function stepped(state: Register, touch: Touch): readonly Register[] {
  const { succeeded } = touch
  const holds = all(touch.compare.map((compare) => satisfied(state, compare)))
  const may = (branch: boolean): boolean => {
    if (succeeded !== undefined && succeeded !== branch) return false
    return branch ? holds !== false : holds !== true || touch.comparesOthers
  }
  const found = [may(true) ? done(state, touch.success, touch) : undefined]
  if (may(false)) found.push(done(state, touch.failure, touch))
  return found.filter((each) => each !== undefined)
}

/** True, false, or undefined where it is not known. */
type Told = boolean | undefined
const all = (told: readonly Told[]): Told =>
  told.includes(false) ? false : told.includes(undefined) ? undefined : true

/** A value that is not there compares with nothing. */
function satisfied(state: Register, { target, result, than }: Compare): Told {
  if (target === 'lease' || state.version === undefined) return undefined
  if (target === 'value' && state.version === 0) return false
  const value = { version: state.version, create: state.created, mod: state.modified, value: state.value }[target]
  if (value === undefined && target !== 'value') return undefined
  if (result === 'equal') return value === than
  if (result === 'not-equal') return value !== than
  return result === 'greater' ? (value as number) > (than as number) : (value as number) < (than as number)
}

/** @returns undefined when it cannot have gone so */
function done(state: Register, deeds: readonly Deed[], touch: Touch): Register | undefined {
  let now: Register | undefined = state
  for (const deed of deeds) {
    if (now === undefined) return undefined
    now = after(now, deed, touch)
  }
  return now
}

function after(state: Register, deed: Deed, { revision }: Touch): Register | undefined {
  switch (deed.does) {
    case 'put':
      return put(state, deed.keepsValue ? state.value : deed.value, revision)
    case 'delete':
      if (deed.deleted !== undefined && state.version !== undefined && deed.deleted !== state.version > 0)
        return undefined
      return ABSENT
    case 'read':
      return read(state, deed.found, deed.keysOnly)
    case 'anything':
      return UNKNOWN
  }
}

/** Revisions grow: a later write cannot have an earlier one. */
function put({ version, created, modified }: Register, value: unknown, revision: number | undefined) {
  if (revision !== undefined && modified !== undefined && revision < modified) return undefined
  return {
    version: version === undefined ? undefined : version + 1,
    value,
    created: version === 0 ? revision : created,
    modified: revision,
  }
}

function read(state: Register, found: KeyValue | undefined, keysOnly: boolean): Register | undefined {
  const { version, value, created, modified } = state
  if (found === undefined) return version === undefined || version === 0 ? ABSENT : undefined
  const fits = (known: number | undefined, told: number): boolean => known === undefined || known === told
  if (version === 0 || !fits(version, found.version)) return undefined
  if (!fits(created, found.createRevision) || !fits(modified, found.modRevision)) return undefined
  if (version !== undefined && !keysOnly && value !== found.value) return undefined
  return {
    version: found.version,
    value: keysOnly ? value : found.value,
    created: found.createRevision,
    modified: found.modRevision,
  }
}
