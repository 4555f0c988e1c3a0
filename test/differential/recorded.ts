/**
 * The recorded conversations with etcd 3.5 asked of a real etcd that is installed, over the same door and with the same
 * comparison: what differs is the version's doing, and is named here.
 */
import { isDeepStrictEqual } from 'node:util'
import type { EtcdStore } from '../../cli/etcd-store.ts'
import type { Json } from '../../machines/etcd/door/wire.ts'
import { jsonOf, requestAt } from '../../machines/etcd/gateway.ts'
import type { EtcdRequest } from '../../machines/protocol/etcd.ts'
import { etcdVersion } from '../kit/real-etcd.ts'
import { Theirs } from './etcd.ts'

export interface Step {
  readonly path: string
  readonly req: Json
  readonly res: Json
}
export interface Sequence {
  readonly name: string
  readonly steps: readonly Step[]
}

/** What 3.4 does otherwise than 3.5, by name: all that was met of it in the recorded requests, random ones, and administration. */
export const DIFFERENCES_OF_3_4: Readonly<Record<string, (path: string) => boolean>> = {
  'what is at /v3/maintenance/hash is Hash, of the whole file and of no revision; since 3.5 it is HashKV': (path) =>
    path === '/v3/maintenance/hash',
}
/** @returns the name of the difference, if the version is known to differ there */
export const knownDifference = (version: string | undefined, path: string): string | undefined =>
  version?.startsWith('3.4.') === true
    ? Object.keys(DIFFERENCES_OF_3_4).find((name) => DIFFERENCES_OF_3_4[name]?.(path))
    : undefined

/** A real etcd ends its life on these. */
export const isDeadly = ({ steps }: Sequence): boolean => steps.some(({ res }) => 'crash' in res)

/** @returns what was not as recorded, but for what the version is known to do otherwise */
export async function differencesIn({ name, steps }: Sequence, store: EtcdStore): Promise<readonly string[]> {
  const theirs = await Theirs.emptied(store)
  const found: string[] = []
  const watches: { readonly step: Step; readonly told: () => Json; readonly end: () => void }[] = []
  for (const step of steps) {
    const request = requestAt(step.path, step.req)
    if (request?.type === 'etcd.Watch') {
      watches.push({ step, ...theirs.watch(request) })
      await new Promise((resolve) => setTimeout(resolve, 160))
      continue
    }
    const answer = sorted(jsonOf(step.path, await theirs.ask(request as EtcdRequest)))
    if (!isDeepStrictEqual(answer, step.res)) found.push(...shown(name, step, answer))
  }
  if (watches.length > 0) await new Promise((resolve) => setTimeout(resolve, 160))
  for (const { step, told, end } of watches) {
    const answer = told()
    end()
    if (!isDeepStrictEqual(answer, ofThisSequence(step.res))) found.push(...shown(name, step, answer))
  }
  return found
}

function shown(name: string, step: Step, answer: Json): readonly string[] {
  if (knownDifference(etcdVersion(), step.path) !== undefined) return []
  return [
    `${name} ${step.path} ${JSON.stringify(step.req)}\nwanted ${JSON.stringify(step.res)}\n   got ${JSON.stringify(answer)}`,
  ]
}

/** Deletions at the first revision are how the recorder swept up, and how we do. */
export function ofThisSequence({ events, ...rest }: Json): Json {
  const own = (events as { readonly kv: { readonly mod_revision: number } }[]).filter(({ kv }) => kv.mod_revision > 1)
  return { ...rest, events: own }
}

function sorted(answer: Json): Json {
  const { keys } = answer
  return Array.isArray(keys) ? { ...answer, keys: keys.toSorted() } : answer
}
