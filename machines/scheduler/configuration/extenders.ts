/** The extenders of a configuration (validateExtenders, buildExtenders). */
import { parseDuration } from '../../lib/duration.ts'
import type { Extender, ManagedResource } from '../extender.ts'
import type { Profile } from '../profile.ts'
import type { Reading } from './reading.ts'

/** DefaultExtenderTimeout. */
const TIMEOUT_MS = 5_000

/** Those whose failure can be ignored come last. */
export function extendersAt(at: Reading): readonly Extender[] {
  const managed = new Set<string>()
  const read = at.items().map((item) => extenderAt(item, managed))
  const binders = read.filter(({ bindVerb }) => bindVerb !== '').length
  if (binders > 1)
    at.wrong(`Invalid value: "found ${binders} extenders implementing bind": only one extender can implement bind`)
  return [...read.filter(({ ignorable }) => !ignorable), ...read.filter(({ ignorable }) => ignorable)]
}

function extenderAt(at: Reading, managed: Set<string>): Extender {
  at.knows(...FIELDS)
  const weight = at.at('weight').whole(0)
  const prioritizeVerb = at.at('prioritizeVerb').text('')
  if (prioritizeVerb !== '' && weight <= 0)
    at.at('weight').wrong(`Invalid value: ${weight}: must have a positive weight applied to it`)
  return {
    urlPrefix: at.at('urlPrefix').text(''),
    filterVerb: at.at('filterVerb').text(''),
    prioritizeVerb,
    preemptVerb: at.at('preemptVerb').text(''),
    bindVerb: at.at('bindVerb').text(''),
    weight,
    httpTimeoutMs: durationMs(at.at('httpTimeout')) || TIMEOUT_MS,
    nodeCacheCapable: at.at('nodeCacheCapable').yes(false),
    managedResources: at
      .at('managedResources')
      .items()
      .map((item) => resourceAt(item, managed)),
    ignorable: at.at('ignorable').yes(false),
  }
}
const FIELDS = [
  'urlPrefix',
  'filterVerb',
  'preemptVerb',
  'prioritizeVerb',
  'weight',
  'bindVerb',
  'enableHTTPS',
  'tlsConfig',
  'httpTimeout',
  'nodeCacheCapable',
  'managedResources',
  'ignorable',
]

function resourceAt(at: Reading, managed: Set<string>): ManagedResource {
  at.knows('name', 'ignoredByScheduler')
  const name = at.at('name').text('')
  if (managed.has(name)) at.at('name').wrong(`Invalid value: "${name}": duplicate extender managed resource name`)
  managed.add(name)
  return { name, ignoredByScheduler: at.at('ignoredByScheduler').yes(false) }
}

function durationMs(at: Reading): number {
  const text = at.text('0s')
  const ms = parseDuration(text)
  if (ms === undefined) at.wrong(`Invalid value: "${text}": expected a duration like 5s`)
  return ms ?? 0
}

/** What an extender looks after is ignored by NodeResourcesFit, if it says so, in place of what the profile says. */
export function withIgnored(profile: Profile, extenders: readonly Extender[]): Profile {
  const ignored = extenders.flatMap(({ managedResources }) =>
    managedResources.filter(({ ignoredByScheduler }) => ignoredByScheduler).map(({ name }) => name),
  )
  if (ignored.length === 0) return profile
  const { args } = profile
  return { ...profile, args: { ...args, NodeResourcesFit: { ...args.NodeResourcesFit, ignoredResources: ignored } } }
}
