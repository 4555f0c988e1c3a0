/**
 * The pods of all fake nodes (pkg/kwok/controllers/pod_controller.go): each is matched against the stages whenever it
 * changes, and four players write what the stages say, one pod each at a time.
 */
import { setup } from 'xstate'
import { type Address, born, type Effect, send, spawn, verbs, wake } from '../../runtime/contract.ts'
import type { CacheChanged } from '../protocol/cache.ts'
import type { FakeNodeHeld, FakeNodeReleased, FakePodsListed, KwokClient, StagePlayed } from '../protocol/kwok.ts'
import type { Pod } from '../protocol/objects.ts'
import { backOffMs } from './failures.ts'
import { again, begun, gone, type Job, type Jobs, noJobs, seen } from './pod-jobs.ts'
import type { KwokPodListInput } from './pod-list.ts'

export interface KwokPodsInput extends KwokClient {
  readonly host: string
  /** `--cidr` */
  readonly cidr: string
}
interface Context extends KwokClient, Jobs {
  readonly host: string
  /** Players that are at rest. */
  readonly free: readonly Address[]
}
/** A stage that failed is played again, with the pod as it was. */
interface StageRetried {
  readonly type: 'stage.retried'
  readonly key: string
  readonly job: Job
}
type Events = CacheChanged | FakeNodeHeld | FakeNodeReleased | FakePodsListed | StagePlayed | StageRetried

/** `podPlayStageParallelism` */
const PLAYERS = [1, 2, 3, 4]
const playerAt = (host: string, number: number): Address => `kwok-player/${host}/${number}`

const { update, ask, decide, when } = verbs<Context, Events>()

export const kwokPods = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as KwokPodsInput },
  guards: {
    'all players are at work': when(({ free }) => free.length === 0),
    'it is to be tried again': when('stage.played', (_, { outcome }) => outcome === 'retry'),
  },
  actions: {
    'start the players': ask(({ host, apiserver, user }, _, { self }) =>
      PLAYERS.map((number) => spawn(playerAt(host, number), 'kwok-player', { apiserver, user, tell: self })),
    ),
    'match what changed': update('cache.changed', (context, { deltas }) =>
      deltas.reduce<Jobs>(
        (jobs, { was, now }) => (now === undefined ? gone(jobs, was as Pod) : seen(jobs, now as Pod)),
        context,
      ),
    ),
    'match what is bound to the node': update('fakePods.listed', (context, { pods }) =>
      pods.reduce<Jobs>((jobs, pod) => seen(jobs, pod), context),
    ),
    'take the node on': decide('fakeNode.held', (context, { node, hostIP, podCIDR }, { self }) => {
      const homes = context.homes.set(node, { hostIP, podCIDR })
      return [{ homes }, context.homes.has(node) ? [] : [lister(context, node, self)]]
    }),
    'let the node go': update('fakeNode.released', ({ homes }, { node }) => ({ homes: homes.delete(node) })),
    'take the player back': update('stage.played', ({ free, playing }, { key }, { from }) => ({
      free: [...free, from],
      playing: playing.delete(key),
    })),
    'play it again later': ask('stage.played', ({ playing }, { key }, { dice }) =>
      retried(playing.get(key), key, dice),
    ),
    'queue it again': update('stage.retried', (context, { key, job }) => again(context, key, job)),
    'put players to work': decide((context, _, { at }) => dispatched(context, at)),
  },
}).createMachine({
  id: 'kwok-pods',
  description: 'Plays the stages of the pods of all nodes that are ours.',
  context: born(({ host, apiserver, user, cidr }: KwokPodsInput) => ({
    host,
    apiserver,
    user,
    ...noJobs(cidr),
    free: PLAYERS.map((number) => playerAt(host, number)),
  })),
  entry: 'start the players',
  initial: 'atHand',
  on: {
    'fakeNode.held': { actions: 'take the node on' },
    'fakeNode.released': { actions: 'let the node go' },
  },
  states: {
    atHand: {
      description: 'A player at least is free: nothing waits.',
      always: { guard: 'all players are at work', target: 'busy' },
      on: {
        'cache.changed': { actions: ['match what changed', 'put players to work'] },
        'fakePods.listed': { actions: ['match what is bound to the node', 'put players to work'] },
        'stage.retried': { actions: ['queue it again', 'put players to work'] },
        'stage.played': [
          { guard: 'it is to be tried again', actions: ['play it again later', 'take the player back'] },
          { actions: 'take the player back' },
        ],
      },
    },
    busy: {
      description: 'Pods wait, in the order in which they came.',
      on: {
        'cache.changed': { actions: 'match what changed' },
        'fakePods.listed': { actions: 'match what is bound to the node' },
        'stage.retried': { actions: 'queue it again' },
        'stage.played': [
          {
            guard: 'it is to be tried again',
            target: 'atHand',
            actions: ['play it again later', 'take the player back', 'put players to work'],
          },
          { target: 'atHand', actions: ['take the player back', 'put players to work'] },
        ],
      },
    },
  },
})

function lister({ apiserver, user, host }: Context, node: string, self: Address): Effect {
  const input: KwokPodListInput = { apiserver, user, node, tell: self }
  return spawn(`kwok-pod-list/${host}/${node}`, 'kwok-pod-list', input)
}

function dispatched(context: Context, at: number): readonly [Partial<Context>, readonly Effect[]] {
  let [jobs, free]: [Jobs, readonly Address[]] = [context, context.free]
  const effects: Effect[] = []
  for (let [player] = free; player !== undefined; [player] = free) {
    const next = begun(jobs, at)
    if (next === undefined) break
    jobs = next[1]
    free = free.slice(1)
    effects.push(send(player, next[0]))
  }
  const { order, jobs: waiting, playing, pools } = jobs
  return [{ order, jobs: waiting, playing, pools, free }, effects]
}

function retried(job: Job | undefined, key: string, dice: number): readonly Effect[] {
  if (job === undefined) return []
  const event: StageRetried = { type: 'stage.retried', key, job: { ...job, retries: job.retries + 1 } }
  return [wake(`again ${key}`, backOffMs(job.retries, dice, key), event)]
}
