/**
 * Names that are drawn, uids, addresses and instants in the form in which a recording and a replay can be compared:
 * `<rand>`, `<uid of Pod/a>`, `<ip>`, `<node>`, `<t+12>`.
 */
import { parseTime } from '../../../machines/lib/time.ts'
import type { Json, Life, Story, Told } from './trace.ts'

interface Named {
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly uid?: string
    readonly generateName?: string
  }
}
const named = (life: Life): Named => life[0]?.object as unknown as Named
const RANDOM = '[bcdfghjklmnpqrstvwxz2456789]{5}'
/** The suffix of a generated name that stands for no object: of a pod whose creation was refused. */
const REFUSED = new RegExp(`(pods \\\\?"[a-z0-9-]+-)${RANDOM}(?=\\\\?")`, 'g')

/** @param epoch wall-clock time of the beginning in ms; undefined for a recording, whose times are relative already */
export function general(story: Story, epoch?: number): Story {
  const generated = story.lives.flatMap((life) => {
    const { generateName, name } = named(life).metadata
    return generateName === undefined || !name.startsWith(generateName) ? [] : [name]
  })
  const names = new Set(generated.filter((name) => !name.includes('<')))
  let uids: ReadonlyMap<string, string> | undefined
  const plain = (text: string): string =>
    text
      .replace(/<(rand|node|podip|clusterip|nodeport|minute):\d+>/g, (_, what: string) => PLAIN[what] ?? `<${what}>`)
      .replace(/[a-z0-9]+(?:-[a-z0-9]+)+/g, (word) => (names.has(word) ? word.replace(/-[a-z0-9]+$/, '-<rand>') : word))
      .replace(REFUSED, '$1<rand>')
      .replace(UID, (uid) => uids?.get(uid) ?? '<uid>')
      .replace(/\bkwok-\d\b/g, '<node>')
      .replace(/kube-api-access-[a-z0-9]{5}/g, 'kube-api-access-<rand>')
  uids = new Map(
    story.lives.map((life) => {
      const { kind, metadata } = named(life)
      return [metadata.uid ?? '', `<uid of ${kind}/${plain(metadata.name)}>`] as const
    }),
  )
  const said = (text: string): string => {
    if (/^\d+\.\d+\.\d+\.\d+$/.test(text) && text !== '192.0.2.10') return '<ip>'
    if (/^\d+\.\d+\.\d+\.\d+\/24$/.test(text)) return '<cidr>'
    return epoch !== undefined && ISO.test(text) ? relative(parseTime(text), epoch) : plain(text)
  }
  const lives = story.lives.map((life) =>
    life.map((version) => ({ ...version, object: stripped(walked(version.object, said) as Json) })),
  )
  const events = story.events.map(
    (event): Told => ({ ...event, message: plain(event.message), object: plain(event.object) }),
  )
  return { lives, events }
}
const UID = /<uid:\d+>|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g
const PLAIN: Readonly<Record<string, string>> = { podip: '<ip>', clusterip: '<ip>' }
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/

/** Masked in the recordings, whatever they are. */
const CERTIFICATES: ReadonlySet<string> = new Set(['ca.crt'])

function relative(at: number, epoch: number): string {
  const seconds = (at - Math.floor(epoch / 1_000) * 1_000) / 1_000
  return `<t${seconds < 0 ? '-' : '+'}${Math.abs(seconds)}>`
}

function walked(value: unknown, said: (text: string) => string): unknown {
  if (typeof value === 'string') return said(value)
  if (Array.isArray(value)) return value.map((item) => walked(item, said))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      if (item === undefined) return []
      return [[key, CERTIFICATES.has(key) ? '<pem>' : walked(item, said)]]
    }),
  )
}

function stripped(object: Json): Json {
  const { resourceVersion: _, managedFields: __, ...metadata } = object['metadata'] as Record<string, unknown>
  return { ...object, metadata }
}
