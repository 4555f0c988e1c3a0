/**
 * The scheduling loop of kube-scheduler: one pod at a time is matched with a node, which an actor of its own then asks
 * the API server for while the loop goes on. Beside it the two clocks of the queue tick.
 *
 * An attempt takes its time first and then decides at once, with what is known by then: so nothing can happen during
 * an attempt that it does not see, and the real queue's list of events in flight has no counterpart here.
 */
import { setup } from 'xstate'
import { answer, born, type CallLost, call, send, verbs } from '../../runtime/contract.ts'
import { REQUEST_TIMEOUT_MS } from '../lib/requests.ts'
import type { ApiAnswered } from '../protocol/api.ts'
import type { CacheChanged } from '../protocol/cache.ts'
import type { PermitAnswered } from '../protocol/extender.ts'
import type { BindingFinished } from './binding-cycle.ts'
import { admitted } from './client-limit.ts'
import {
  type Attempt,
  afterDryRun,
  afterNews,
  atBirth,
  begun,
  bindingStarted,
  chosen,
  filteredFrom,
  newsOf,
  preFilteredFirst,
  preFilteredOf,
  queuedAgain,
  reserved,
  type SchedulerContext,
  type SchedulerInput,
  settled,
  WATCHED,
  waiting,
} from './cycle.ts'
import { NO_NODES } from './diagnosis.ts'
import type { EvictionFinished } from './eviction.ts'
import { candidateTaken, evictionNoted, evictionsStarted, preemptionFailed } from './evictions.ts'
import type { ExtendersHeard } from './extender-round.ts'
import {
  consulted,
  filteredOutside,
  haveASay,
  nodesAsked,
  roundStarted,
  scoredOutside,
  victimsAsked,
} from './extenders.ts'
import { takenIn } from './intake.ts'
import { isKnown } from './node-info.ts'
import { leftToAsk, nextAsked, permitFailed, permitNoted, placeGivenBack } from './permits.ts'
import { podInfoOf } from './pod-info.ts'
import {
  backOffFlushed,
  firstFlushable,
  popped,
  type Queue,
  type QueuedPod,
  removed,
  unschedulableFlushed,
} from './queue.ts'
import { clearedNomination, type Failure, failedEvent, failurePatch, isNews } from './report.ts'
import { feasibleNodesToFind } from './sampling.ts'
import { type VolumesTold, type VolumesWanted, volumesNow } from './volume-binding-progress.ts'

type Context = SchedulerContext
type Events =
  | CacheChanged
  | BindingFinished
  | EvictionFinished
  | ExtendersHeard
  | VolumesWanted
  | PermitAnswered
  | ApiAnswered
  | CallLost

/** What an attempt costs: fitted to the algorithm's speed in the recordings (100 to 5,000 nodes). */
const ATTEMPT_MS = 0.3
const ATTEMPT_PER_NODE_MS = 0.0013
const BACK_OFF_FLUSH_MS = 1_000
const UNSCHEDULABLE_FLUSH_MS = 30_000

const { update, ask, decide, when, lasting } = verbs<Context, Events>()

export const scheduler = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as SchedulerInput },
  delays: {
    'scheduling attempt': lasting(({ cache, attempt }) => {
      const { percentageOfNodesToScore } = (attempt as Attempt).profile
      const nodes = feasibleNodesToFind(cache.order.places.size, percentageOfNodesToScore)
      return ATTEMPT_MS + ATTEMPT_PER_NODE_MS * nodes
    }),
    'client rate limit': lasting(({ client }, _, { at }) => admitted(client, at)[0]),
    'request timeout': REQUEST_TIMEOUT_MS,
    'back-off flush': lasting(({ startedAt }, _, { at }) => untilTick(startedAt, at, BACK_OFF_FLUSH_MS)),
    'flush of unschedulable pods': lasting(({ startedAt, queue }, _, { at }) => {
      const due = Math.max(at, firstFlushable(queue) ?? at)
      return due - at + untilTick(startedAt, due, UNSCHEDULABLE_FLUSH_MS)
    }),
  },
  guards: {
    'every cache is filled': when(({ filled }) => WATCHED.every((resource) => filled.includes(resource))),
    'a pod is waiting': when(({ queue }) => queue.active.size > 0),
    'the pod still needs a node': when(({ queue, attempt }) => waiting(queue, attempt) !== undefined),
    'the pod is being deleted': when(
      ({ queue, attempt }) => waiting(queue, attempt)?.pod.metadata.deletionTimestamp !== undefined,
    ),
    'there are no nodes': when(({ cache }) => cache.order.places.size === 0),
    'a plugin failed': when(({ attempt }) => attempt?.failure !== undefined),
    'the pod is rejected outright': when(({ attempt }) => preFilteredOf(attempt as Attempt).rejection !== undefined),
    'extenders have a say in the nodes': when(
      (context) => haveASay(context, 'filter') && (context.attempt?.filtered?.feasible.length ?? 0) > 0,
    ),
    'an extender failed': when(({ attempt }) => attempt?.failure !== undefined),
    'the nominated node is refused': when(
      ({ attempt }) => attempt?.filtered?.asNominated === true && attempt.filtered.feasible.length === 0,
    ),
    'extenders score the nodes': when((context) => haveASay(context, 'prioritize')),
    'extenders have a say in the victims': when(
      (context) => haveASay(context, 'preempt') && (context.attempt?.postFiltered?.candidates.length ?? 0) > 0,
    ),
    'a Permit plugin is to be asked': when(({ attempt }) => leftToAsk(attempt as Attempt).length > 0),
    'a Permit plugin refused': when(({ attempt }) => attempt?.failure !== undefined),
    'no node fits': when(({ attempt }) => attempt?.filtered?.feasible.length === 0),
    'one node fits': when(({ attempt }) => attempt?.filtered?.feasible.length === 1),
    'victims would make room': when(({ attempt }) => (attempt?.postFiltered?.best.length ?? 0) > 0),
    'a victim is being evicted': when(({ attempt }) => (attempt?.evicting.length ?? 0) > 0),
    'a victim could not be evicted': when(({ attempt }) => attempt?.evictionError !== undefined),
    'a nomination is void': when(({ attempt }) => (attempt?.displaced.length ?? 0) > 0),
    'the failure is news': when(({ attempt }) => {
      const { pod, failure, nominate } = attempt as Attempt
      return isNews(pod.pod, failure as Failure, nominate)
    }),
    'a pod backs off': when(({ queue }) => queue.backingOff.size > 0),
    'a pod is unschedulable': when(({ queue }) => queue.unschedulable.size > 0),
  },
  actions: {
    'take in the change': update('cache.changed', (context, event, { at }) => ({
      ...afterNews(context, takenIn(newsOf(context), event, { profiles: context.profiles, at })),
      filled: event.filled ? [...context.filled, event.resource] : context.filled,
    })),
    'tell what became of the volumes': ask('volumes.wanted', ({ cache, queue }, wanted, { from, call }) => {
      const node = cache.nodes.get(wanted.node)
      const told: VolumesTold = {
        type: 'volumes.told',
        ...volumesNow(wanted, cache.storage),
        node: node !== undefined && isKnown(node) ? node : undefined,
        podIsThere: queue.pods.has(wanted.key) || cache.placed.has(wanted.key),
      }
      return answer(from, call, told)
    }),
    'keep or give up the place': update('binding.finished', (context, event, { at }) => settled(context, event, at)),
    'take the next pod': update(({ queue, profiles }) => {
      const [pod, left] = popped(queue) as readonly [QueuedPod, Queue]
      return { queue: left, attempt: begun(pod, profiles) }
    }),
    'drop the pod': update(({ queue, attempt }) => ({
      queue: waiting(queue, attempt) === undefined ? queue : removed(queue, (attempt as Attempt).key),
      attempt: undefined,
    })),
    'say that it is being deleted': ask(({ queue, attempt, recorder }) => {
      const { pod, key } = waiting(queue, attempt) as QueuedPod
      return send(recorder, failedEvent(pod, `skip schedule deleting pod: ${key}`))
    }),
    'take a snapshot': update(({ queue, cache, attempt }) => {
      const { pod } = waiting(queue, attempt) as QueuedPod
      return { attempt: { ...(attempt as Attempt), pod: podInfoOf(pod), snapshot: cache } }
    }),
    'note that there are no nodes': update(({ attempt }) => ({
      attempt: { ...(attempt as Attempt), nominate: '', failure: { reason: 'Unschedulable', message: NO_NODES } },
    })),
    'run the PreFilter plugins': update(({ attempt }) => ({ attempt: preFilteredFirst(attempt as Attempt) })),
    'find nodes that fit': update(({ attempt, nextNode }) => {
      const found = filteredFrom(attempt as Attempt, nextNode)
      return { attempt: found, nextNode: found.filtered.next }
    }),
    'ask extenders which nodes fit': ask((context, _, { self }) => {
      const nodes = nodesAsked(context.attempt as Attempt)
      return roundStarted(context, self, { phase: 'filter', nodes, refused: {} })
    }),
    'take what they say of the nodes': update('extenders.heard', ({ attempt }, said) => ({
      attempt: filteredOutside(attempt as Attempt, said),
    })),
    'look at all nodes': update(({ attempt }) => ({ attempt: { ...(attempt as Attempt), elsewhere: true } })),
    'ask extenders for scores': ask((context, _, { self }) => {
      const nodes = nodesAsked(context.attempt as Attempt)
      return roundStarted(context, self, { phase: 'prioritize', nodes, scores: {} })
    }),
    'take their scores': update('extenders.heard', ({ attempt }, said) => ({
      attempt: scoredOutside(attempt as Attempt, said),
    })),
    'ask extenders about the victims': ask((context, _, { self }) =>
      roundStarted(context, self, victimsAsked(context.attempt as Attempt)),
    ),
    'take what they say of the victims': update('extenders.heard', ({ attempt }, said) => ({
      attempt: consulted(attempt as Attempt, said),
    })),
    'ask a Permit plugin': ask((context, _, { self }) => nextAsked(context, self)),
    'note its permit': update('permit.answered', ({ attempt }, said, { at }) => ({
      attempt: permitNoted(attempt as Attempt, said, at),
    })),
    'note that it cannot be asked': update('call.lost', ({ attempt }, { reason }) => ({
      attempt: permitFailed(attempt as Attempt, `connection ${reason}`),
    })),
    'note that it does not answer': update(({ attempt }) => ({
      attempt: permitFailed(attempt as Attempt, 'context deadline exceeded'),
    })),
    'give the place back': update(placeGivenBack),
    'look for victims': update(({ attempt }, _, { dice }) => ({ attempt: afterDryRun(attempt as Attempt, dice) })),
    'take one of the cheapest candidates': update(({ attempt }, _, { dice }) => ({
      attempt: candidateTaken(attempt as Attempt, dice),
    })),
    'evict the victims': decide((context, _, { self, at }) => evictionsStarted(context, self, at)),
    'note what came of the eviction': update('eviction.finished', ({ attempt }, event) => ({
      attempt: evictionNoted(attempt as Attempt, event),
    })),
    'note that preemption failed': update(({ attempt }) => ({ attempt: preemptionFailed(attempt as Attempt) })),
    'clear a nomination': decide(({ apiserver, user, attempt, client }, _, { at }) => {
      const { displaced } = attempt as Attempt
      const [pod, ...left] = displaced
      const next = { client: admitted(client, at)[1], attempt: { ...(attempt as Attempt), displaced: left } }
      return [next, pod === undefined ? [] : call(apiserver, clearedNomination(user, pod), 'nomination')]
    }),
    'take the only node': update(({ attempt }) => ({
      attempt: { ...(attempt as Attempt), node: attempt?.filtered?.feasible[0]?.name },
    })),
    'take one of the best nodes': update(({ attempt }, _, { dice }) => ({ attempt: chosen(attempt as Attempt, dice) })),
    'assume the pod on its node': update(reserved),
    'start the binding cycle': decide((context, _, { self, at }) => bindingStarted(context, self, at)),
    'queue the pod again': decide((context, _, { at }) => {
      const { pod, failure } = context.attempt as Attempt
      return [queuedAgain(context, at), send(context.recorder, failedEvent(pod.pod, failure?.message ?? ''))]
    }),
    'write the condition': decide(({ apiserver, user, attempt, client }, _, { at }) => {
      const { pod, failure, nominate } = attempt as Attempt
      const request = failurePatch(user, pod.pod, failure as Failure, nominate, at)
      return [{ client: admitted(client, at)[1] }, call(apiserver, request, 'condition')]
    }),
    'end the attempt': update(() => ({ attempt: undefined })),
    'flush the back-off queue': update(({ queue }, _, { at }) => ({ queue: backOffFlushed(queue, at) })),
    'flush the unschedulable pods': update(({ queue }, _, { at }) => ({ queue: unschedulableFlushed(queue, at) })),
  },
}).createMachine({
  id: 'scheduler',
  context: born((input: SchedulerInput, { at }) => atBirth(input, at)),
  type: 'parallel',
  on: {
    'cache.changed': { actions: 'take in the change' },
    'binding.finished': { actions: 'keep or give up the place' },
    'volumes.wanted': { actions: 'tell what became of the volumes' },
  },
  states: {
    loop: {
      initial: 'waitingForCaches',
      states: {
        waitingForCaches: { always: { guard: 'every cache is filled', target: 'idle' } },
        idle: { entry: 'end the attempt', always: { guard: 'a pod is waiting', target: 'scheduling' } },
        scheduling: {
          initial: 'attempting',
          states: {
            attempting: {
              description: 'The first of the active pods is in hand. The algorithm takes its time; then it decides.',
              entry: 'take the next pod',
              after: {
                'scheduling attempt': [
                  {
                    guard: 'the pod is being deleted',
                    target: '#scheduler.loop.idle',
                    actions: ['say that it is being deleted', 'drop the pod'],
                  },
                  { guard: 'the pod still needs a node', target: 'snapshotting' },
                  {
                    target: '#scheduler.loop.idle',
                    actions: 'drop the pod',
                    description: 'It was deleted, or somebody else bound it.',
                  },
                ],
              },
            },
            snapshotting: {
              entry: 'take a snapshot',
              always: [
                { guard: 'there are no nodes', target: 'failed', actions: 'note that there are no nodes' },
                { target: 'preFiltering' },
              ],
            },
            preFiltering: {
              description: 'Plugins note what they need to know, narrow the nodes down, or reject the pod outright.',
              entry: 'run the PreFilter plugins',
              always: [
                { guard: 'a plugin failed', target: 'failed' },
                { guard: 'the pod is rejected outright', target: 'preempting' },
                { target: 'filtering' },
              ],
            },
            filtering: {
              description:
                'First the node that the pod is nominated to; then nodes in turn from where the last attempt ended, until enough fit.',
              entry: 'find nodes that fit',
              always: [
                { guard: 'a plugin failed', target: 'failed' },
                { guard: 'extenders have a say in the nodes', target: 'filteringOutside' },
                { guard: 'no node fits', target: 'preempting' },
                { guard: 'one node fits', target: 'reserving', actions: 'take the only node' },
                { target: 'scoring' },
              ],
            },
            filteringOutside: {
              description: 'Extenders are asked, one after the other, which of the nodes that fit they agree to.',
              entry: 'ask extenders which nodes fit',
              on: { 'extenders.heard': { target: 'filteredOutside', actions: 'take what they say of the nodes' } },
            },
            filteredOutside: {
              always: [
                { guard: 'an extender failed', target: 'failed' },
                { guard: 'the nominated node is refused', target: 'filtering', actions: 'look at all nodes' },
                { guard: 'no node fits', target: 'preempting' },
                { guard: 'one node fits', target: 'reserving', actions: 'take the only node' },
                { target: 'scoring' },
              ],
            },
            preempting: {
              description: 'PostFilter: would it help to remove pods of lower priority?',
              initial: 'dryRunning',
              states: {
                dryRunning: {
                  description: 'On every node that pods keep the pod from: which of them would have to go?',
                  entry: 'look for victims',
                  always: [
                    { guard: 'extenders have a say in the victims', target: 'askingExtenders' },
                    { guard: 'victims would make room', target: 'choosing' },
                    { target: 'clearingNominations', description: 'Nobody is evicted for it.' },
                  ],
                },
                askingExtenders: {
                  description: 'They may spare victims, or whole nodes.',
                  entry: 'ask extenders about the victims',
                  on: { 'extenders.heard': { target: 'consulted', actions: 'take what they say of the victims' } },
                },
                consulted: {
                  always: [
                    { guard: 'victims would make room', target: 'choosing' },
                    { target: 'clearingNominations', description: 'They spare everybody, or one failed.' },
                  ],
                },
                choosing: {
                  description:
                    'The node where the fewest budgets are broken and the least important pods go is nominated.',
                  entry: 'take one of the cheapest candidates',
                  always: { target: 'evicting', actions: 'evict the victims' },
                },
                evicting: {
                  description: 'The loop waits until every victim is marked and deleted, not until it is gone.',
                  on: { 'eviction.finished': { target: 'counting', actions: 'note what came of the eviction' } },
                },
                counting: {
                  always: [
                    { guard: 'a victim is being evicted', target: 'evicting' },
                    {
                      guard: 'a victim could not be evicted',
                      target: '#scheduler.loop.scheduling.failed',
                      actions: 'note that preemption failed',
                    },
                    { target: 'clearingNominations' },
                  ],
                },
                clearingNominations: {
                  description:
                    'Pods of lower priority that waited for the same node may not fit any more: they have to look again.',
                  always: [
                    { guard: 'a nomination is void', target: 'waitingForClient' },
                    { target: '#scheduler.loop.scheduling.failed' },
                  ],
                },
                waitingForClient: { after: { 'client rate limit': 'clearing' } },
                clearing: {
                  description: 'Whether it worked or not: it is not essential.',
                  entry: 'clear a nomination',
                  on: { 'api.answered': 'clearingNominations', 'call.lost': 'clearingNominations' },
                  after: { 'request timeout': 'clearingNominations' },
                },
              },
            },
            scoring: {
              description: 'Each plugin scores the nodes that fit from 0 to 100; weighted, the highest sum wins.',
              initial: 'deciding',
              states: {
                deciding: {
                  always: [{ guard: 'extenders score the nodes', target: 'askingExtenders' }, { target: 'choosing' }],
                },
                askingExtenders: {
                  description: 'What they say is added to the sums. Those that fail are not missed.',
                  entry: 'ask extenders for scores',
                  on: { 'extenders.heard': { target: 'choosing', actions: 'take their scores' } },
                },
                choosing: {
                  entry: 'take one of the best nodes',
                  always: [
                    { guard: 'a plugin failed', target: '#scheduler.loop.scheduling.failed' },
                    { target: '#scheduler.loop.scheduling.reserving' },
                  ],
                },
              },
            },
            reserving: {
              description: 'From now on the pod counts on its node, before the API server has heard of it.',
              entry: 'assume the pod on its node',
              always: 'permitting',
            },
            permitting: {
              description:
                "Permit plugins, of one's own, may refuse the pod or let it wait; the default profile has none. What is left to do for the pod happens beside the loop.",
              initial: 'deciding',
              states: {
                deciding: {
                  always: [
                    { guard: 'a Permit plugin refused', target: 'refused' },
                    { guard: 'a Permit plugin is to be asked', target: 'asking' },
                    { target: '#scheduler.loop.idle', actions: 'start the binding cycle' },
                  ],
                },
                asking: {
                  entry: 'ask a Permit plugin',
                  on: {
                    'permit.answered': { target: 'deciding', actions: 'note its permit' },
                    'call.lost': { target: 'deciding', actions: 'note that it cannot be asked' },
                  },
                  after: { 'request timeout': { target: 'deciding', actions: 'note that it does not answer' } },
                },
                refused: { entry: 'give the place back', always: '#scheduler.loop.scheduling.failed' },
              },
            },
            failed: {
              description: 'The pod waits again: for its victims to leave, for other news, or for its back-off.',
              entry: 'queue the pod again',
              always: [
                { guard: 'the failure is news', target: 'waitingForClient' },
                { target: '#scheduler.loop.idle', description: 'The condition says so already, word for word.' },
              ],
            },
            waitingForClient: { after: { 'client rate limit': 'reportingFailure' } },
            reportingFailure: {
              description: 'The loop waits until the condition PodScheduled=False is written, as the real one does.',
              entry: 'write the condition',
              on: { 'api.answered': '#scheduler.loop.idle', 'call.lost': '#scheduler.loop.idle' },
              after: { 'request timeout': '#scheduler.loop.idle' },
            },
          },
        },
      },
    },
    backOffQueue: {
      initial: 'empty',
      states: {
        empty: { always: { guard: 'a pod backs off', target: 'ticking' } },
        ticking: {
          description: 'Looked at once a second: whose back-off is over becomes active.',
          after: { 'back-off flush': { target: 'empty', actions: 'flush the back-off queue' } },
        },
      },
    },
    unschedulablePods: {
      initial: 'empty',
      states: {
        empty: { always: { guard: 'a pod is unschedulable', target: 'ticking' } },
        ticking: {
          description: 'Looked at every 30 s: who lies here for more than 5 min is tried again without a reason.',
          after: { 'flush of unschedulable pods': { target: 'empty', actions: 'flush the unschedulable pods' } },
        },
      },
    },
  },
})

/** Up to the next of the regular ticks since the start; never now. */
const untilTick = (startedAt: number, at: number, everyMs: number): number =>
  everyMs - ((((at - startedAt) % everyMs) + everyMs) % everyMs)
