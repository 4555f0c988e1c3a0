/**
 * The scheduling loop of kube-scheduler: one pod at a time is matched with a node, which an actor of its own then asks
 * the API server for while the loop goes on. Beside it the two clocks of the queue tick.
 *
 * An attempt takes its time first and then decides at once, with what is known by then: so nothing can happen during
 * an attempt that it does not see, and the real queue's list of events in flight has no counterpart here.
 */
import { born } from '../../runtime/contract.ts'
import { preempting } from './chart/preempting.ts'
import { words } from './chart/words.ts'
import { atBirth, type SchedulerInput } from './cycle.ts'

export const scheduler = words.createMachine({
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
            preempting,
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
