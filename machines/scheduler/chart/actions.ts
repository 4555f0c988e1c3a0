/** Every order of the chart, and what carries it out. */
import { answer, call, send } from '../../../runtime/contract.ts'
import { admitted } from '../client-limit.ts'
import {
  type Attempt,
  afterDryRun,
  afterNews,
  begun,
  bindingStarted,
  chosen,
  filteredFrom,
  newsOf,
  preFilteredFirst,
  queuedAgain,
  reserved,
  settled,
  waiting,
} from '../cycle.ts'
import { NO_NODES } from '../diagnosis.ts'
import { candidateTaken, evictionNoted, evictionsStarted, preemptionFailed } from '../evictions.ts'
import { consulted, filteredOutside, nodesAsked, roundStarted, scoredOutside, victimsAsked } from '../extenders.ts'
import { takenIn } from '../intake.ts'
import { isKnown } from '../node-info.ts'
import { nextAsked, permitFailed, permitNoted, placeGivenBack } from '../permits.ts'
import { podInfoOf } from '../pod-info.ts'
import { backOffFlushed, popped, type Queue, type QueuedPod, removed, unschedulableFlushed } from '../queue.ts'
import { clearedNomination, type Failure, failedEvent, failurePatch } from '../report.ts'
import { type VolumesTold, volumesNow } from '../volume-binding-progress.ts'
import { ask, decide, update } from './events.ts'

export const actions = {
  'take in the change': update('cache.changed', (context, event, { at }) => ({
    filled: event.filled ? [...context.filled, event.resource] : context.filled,
    ...afterNews(context, takenIn(newsOf(context), event, { profiles: context.profiles, at })),
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
}
