/**
 * What an image does, put together from what the scenario, the pod and the project know of it.
 *
 * A pod can tell it by the annotation `orrery.dev/behaviour`, or `orrery.dev/behaviour.<container>` for one container:
 * lines (or `;`-separated) of `key: value`; times are `300ms`, `5s`, `2m`.
 *
 * | key | example | meaning |
 * |---|---|---|
 * | `startAfter` | `2s` | time from StartContainer to running |
 * | `readyAfter` | `5s` | answers no probe and no connection before |
 * | `exitAfter`, `exitCode` | `10s`, `1` | ends by itself (code 0 when not told) |
 * | `oomAfter` | `30s` | is killed by the kernel for its memory |
 * | `termAfter`, `termCode` | `3s`, `143` | how it ends on SIGTERM |
 * | `ignoresTerm` | `true` | has to be killed |
 * | `failsAfter`, `recoversAfter` | `60s`, `90s` | probes and requests fail with 500 in between |
 * | `silentAfter`, `deafAfter` | `60s` | takes connections without answering; refuses them |
 * | `serves` | `8080 9090/healthz=503` | ports, with a status for a path |
 * | `requestTime` | `20ms` | how long a request takes |
 * | `log` | `listening` | a line at the start |
 */
import { parseDuration } from '../lib/duration.ts'
import type { Behaviour, Health, ServedPort } from '../protocol/workload.ts'
import { KNOWN_IMAGES } from './images.ts'
import { matches } from './wildcard.ts'

/** Everything is settled. */
export type Conduct = Required<Pick<Behaviour, 'pull' | 'readyAfterMs' | 'startMs' | 'onTerm' | 'requestMs'>> &
  Behaviour

const DEFAULT: Conduct = {
  image: '*',
  pull: 'well',
  startMs: 0,
  readyAfterMs: 0,
  onTerm: { afterMs: 10, code: 0 },
  requestMs: 1,
}

/** @param image the full name. @param command joined by blanks; `''` when the pod tells none. */
export function conductOf(behaviours: readonly Behaviour[], image: string, command = '', annotation = ''): Conduct {
  const fitting = [...behaviours, ...KNOWN_IMAGES].filter((each) => fits(each, image, command))
  return Object.assign({}, DEFAULT, ...fitting.reverse(), told(annotation))
}

/** A name with its registry, as containerd holds it, is also known without `docker.io/library/`. */
function fits({ image: pattern, command: wanted }: Behaviour, image: string, command: string): boolean {
  const short = image.replace(/^docker\.io\/(?:library\/)?/, '')
  return (matches(pattern, image) || matches(pattern, short)) && (wanted === undefined || matches(wanted, command))
}

/** How it is so long after its start. */
export function healthAt({ health = [], readyAfterMs }: Conduct, ageMs: number): Health {
  if (ageMs < readyAfterMs) return 'deaf'
  let now: Health = 'well'
  for (const { afterMs, is } of health) if (ageMs >= afterMs) now = is
  return now
}

/** The status of an HTTP request; undefined when nobody listens on the port. */
export function statusOf({ serves }: Conduct, port: number, path: string): number | undefined {
  if (serves === undefined) return 200
  const served = serves.find((each) => each.port === port)
  return served === undefined ? undefined : (served.paths?.[path] ?? served.status ?? 200)
}

/** Reads the annotation. Keys that are not known are left out. */
export function told(annotation: string): Partial<Behaviour> {
  const pairs = annotation.split(/[\n;,]/).map((line) => /^[\s{"]*(\w+)["\s]*:\s*"?(.*?)["\s}]*$/.exec(line))
  const has = new Map(
    pairs.flatMap((found) => (found === null ? [] : [[found[1] as string, found[2] as string] as const])),
  )
  const ms = (key: string): number | undefined => (has.has(key) ? parseDuration(has.get(key) as string) : undefined)
  return {
    ...only('startMs', ms('startAfter')),
    ...only('readyAfterMs', ms('readyAfter')),
    ...only('requestMs', ms('requestTime')),
    ...exits(ms('exitAfter'), Number(has.get('exitCode') ?? 0), ms('oomAfter')),
    ...onTerm(ms('termAfter'), has.get('termCode'), has.get('ignoresTerm')),
    ...health({
      failing: ms('failsAfter'),
      silent: ms('silentAfter'),
      deaf: ms('deafAfter'),
      well: ms('recoversAfter'),
    }),
    ...only('serves', has.get('serves')?.split(/\s+/).map(servedPort)),
    ...only('logs', has.has('log') ? [{ afterMs: 0, text: `${has.get('log') as string}\n` }] : undefined),
  }
}

const only = <K extends keyof Behaviour>(key: K, value: Behaviour[K] | undefined): Partial<Behaviour> =>
  value === undefined ? {} : { [key]: value }

function exits(afterMs: number | undefined, code: number, oomAfterMs: number | undefined): Partial<Behaviour> {
  if (oomAfterMs !== undefined) return { exits: { afterMs: oomAfterMs, code: 137, oomKilled: true } }
  return afterMs === undefined ? {} : { exits: { afterMs, code } }
}

function onTerm(
  afterMs: number | undefined,
  code: string | undefined,
  ignores: string | undefined,
): Partial<Behaviour> {
  if (ignores === 'true') return { onTerm: 'ignored' }
  return afterMs === undefined && code === undefined
    ? {}
    : { onTerm: { afterMs: afterMs ?? 10, code: Number(code ?? 0) } }
}

function health(from: Readonly<Record<Health, number | undefined>>): Partial<Behaviour> {
  const changes = (Object.keys(from) as Health[]).flatMap((is) => {
    const afterMs = from[is]
    return afterMs === undefined ? [] : [{ afterMs, is }]
  })
  return changes.length === 0 ? {} : { health: changes.sort((a, b) => a.afterMs - b.afterMs) }
}

/** `9090/healthz=503` */
function servedPort(text: string): ServedPort {
  const [, port, path, status] = /^(\d+)(?:(\/[^=]*)?=(\d+))?$/.exec(text) ?? []
  if (status === undefined) return { port: Number(port) }
  return path === undefined
    ? { port: Number(port), status: Number(status) }
    : { port: Number(port), paths: { [path]: Number(status) } }
}
