/** Preemption as part of an attempt: who would have to go, who decides, and what becomes of those who waited. */
import { words } from './words.ts'

export const preempting = words.createStateConfig({
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
      description: 'The node where the fewest budgets are broken and the least important pods go is nominated.',
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
})
