/** Every statement of the chart, and what says whether it is true. */
import { type Attempt, preFilteredOf, WATCHED, waiting } from '../cycle.ts'
import { haveASay } from '../extenders.ts'
import { leftToAsk } from '../permits.ts'
import { type Failure, isNews } from '../report.ts'
import { when } from './events.ts'

export const guards = {
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
}
