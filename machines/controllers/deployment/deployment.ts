/**
 * One Deployment. Its chart is the decision diagram of syncDeployment (k8s.io/kubernetes/pkg/controller/deployment):
 * from a look at the caches through one step of a rollout to where the rollout rests.
 *
 * What it writes of itself bears the version that its cache had, so that a second status in one sync is refused with a
 * conflict and comes with the next sync. The real one does the same.
 */

import { setup } from 'xstate'
import { born } from '../../../runtime/contract.ts'
import { joined } from '../../lib/joined.ts'
import { REQUEST_TIMEOUT_MS } from '../../lib/requests.ts'
import type { ObjectInput } from '../../protocol/cache.ts'
import { actions } from './actions.ts'
import { guards } from './guards.ts'
import { type Context, type Events, NOTHING_SEEN } from './sync.ts'

const overdue = {
  'request timeout': { target: '#deployment.backingOff', actions: ['stop waiting', 'say that it failed'] },
} as const

export const deployment = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as ObjectInput },
  delays: { 'request timeout': REQUEST_TIMEOUT_MS },
  guards,
  actions,
}).createMachine({
  id: 'deployment',
  context: born((input: ObjectInput) => joined(NOTHING_SEEN, input)),
  initial: 'idle',
  description:
    'A sync is asked for at rest only. An answer that a state has no use for, or none, ends it: it backs off.',
  on: {
    'sync.requested': { target: '.deciding', actions: 'see where it stands' },
    'api.answered': { target: '.backingOff', actions: 'say that it failed' },
    'call.lost': { target: '.backingOff', actions: 'say that it failed' },
  },
  states: {
    idle: { description: 'Its rollout is complete, or it has none.', entry: 'forget what it saw' },
    backingOff: {
      description:
        'The last sync failed. Its supervisor asks again after a while, up to 15 times, or when something changes.',
      entry: 'forget what it saw',
    },
    deciding: {
      always: [
        { guard: 'it is gone', target: 'gone' },
        { guard: 'it selects everything', target: 'selectingEverything' },
        { target: 'claiming' },
      ],
    },
    selectingEverything: {
      entry: 'tell that it selects everything',
      always: [
        { guard: 'its generation is observed', target: 'idle', actions: 'say that it is done' },
        { target: 'reportingObservation' },
      ],
    },
    reportingObservation: {
      entry: ['write down that it is observed', 'report on itself'],
      on: { 'api.answered': { guard: 'it succeeded', target: 'idle', actions: 'say that it is done' } },
      after: overdue,
    },
    claiming: {
      always: [
        { guard: 'it is not sure that it may adopt', target: 'confirming' },
        { guard: 'replica sets are to be claimed', target: 'patching' },
        { guard: 'it is being deleted', target: 'syncingRevision' },
        { guard: 'a pause or its end is not told', target: 'tellingPause' },
        { target: 'syncingRevision' },
      ],
    },
    confirming: {
      description: 'Its cache may be old: one that has been deleted must not adopt.',
      entry: 'read itself anew',
      on: { 'api.answered': { guard: 'it may adopt', target: 'patching', actions: 'note that it may adopt' } },
      after: overdue,
    },
    patching: {
      description: 'Adopts an orphan that its selector matches, or releases one of its own that it no longer matches.',
      entry: 'patch the next replica set',
      on: { 'api.answered': { guard: 'the claim is settled', target: 'claiming', actions: 'note the claim' } },
      after: overdue,
    },
    tellingPause: {
      entry: ['write down the pause', 'report on itself'],
      on: { 'api.answered': { guard: 'it succeeded', target: 'syncingRevision' } },
      after: overdue,
    },
    syncingRevision: {
      always: [
        { guard: 'the new replica set lacks annotations', target: 'annotating' },
        { guard: 'its revision is not told', target: 'tellingRevision' },
        { target: 'judging' },
      ],
    },
    annotating: {
      entry: 'annotate the new replica set',
      on: {
        'api.answered': [
          { guard: 'it looks once only', target: 'judging', actions: 'take in the replica set' },
          {
            target: 'backingOff',
            actions: 'say that it failed',
            description: 'Also when it is written: what was seen is old now, and a second write on it would conflict.',
          },
        ],
      },
      after: overdue,
    },
    tellingRevision: {
      entry: ['write down the revision', 'report on itself'],
      on: { 'api.answered': { guard: 'it succeeded', target: 'judging' } },
      after: overdue,
    },
    judging: {
      always: [
        { guard: 'it is being deleted', target: 'judgingStatus' },
        { guard: 'it is paused', target: 'paused' },
        {
          guard: 'its size has changed',
          target: 'scaling',
          description: 'An active replica set was sized for another number of replicas: first all get their share.',
        },
        { guard: 'it re-creates', target: 'recreating' },
        { target: 'rolling' },
      ],
    },
    paused: {
      initial: 'planning',
      states: {
        planning: {
          entry: 'plan all sizes',
          always: [{ guard: 'something is to be scaled', target: 'scaling' }, { target: '#deployment.cleaningUp' }],
        },
        scaling: {
          entry: 'scale the next',
          on: {
            'api.answered': [
              { guard: 'more is to be scaled', target: 'scaling', reenter: true, actions: 'note the scaling' },
              { guard: 'it succeeded', target: '#deployment.cleaningUp', actions: 'note the scaling' },
            ],
          },
          after: overdue,
        },
        waitingToResume: {
          description: 'It follows changes of its size and nothing else.',
          entry: 'forget what it saw',
        },
      },
    },
    scaling: {
      initial: 'planning',
      states: {
        planning: {
          entry: 'plan all sizes',
          always: [{ guard: 'something is to be scaled', target: 'writing' }, { target: '#deployment.judgingStatus' }],
        },
        writing: {
          entry: 'scale the next',
          on: {
            'api.answered': [
              { guard: 'more is to be scaled', target: 'writing', reenter: true, actions: 'note the scaling' },
              { guard: 'it succeeded', target: '#deployment.judgingStatus', actions: 'note the scaling' },
            ],
          },
          after: overdue,
        },
      },
    },
    recreating: {
      initial: 'judgingOld',
      states: {
        judgingOld: {
          entry: 'plan to empty the old',
          always: [{ guard: 'something is to be scaled', target: 'scalingDownOld' }, { target: 'lookingAtPods' }],
        },
        scalingDownOld: {
          entry: 'scale the next',
          on: {
            'api.answered': [
              { guard: 'more is to be scaled', target: 'scalingDownOld', reenter: true, actions: 'note the scaling' },
              {
                guard: 'it succeeded',
                target: '#deployment.judgingRollout',
                actions: ['note the scaling', 'note that old pods run'],
              },
            ],
          },
          after: overdue,
        },
        lookingAtPods: {
          description: 'It is told of deletions of pods only, so it asks for the cache as it is now.',
          entry: 'ask for the pods',
          on: {
            'cache.told': [
              {
                guard: 'old pods still run',
                target: '#deployment.judgingRollout',
                actions: 'note whether old pods run',
              },
              { guard: 'it has no new replica set', target: '#deployment.creatingReplicaSet' },
              { target: 'judgingNew' },
            ],
          },
          after: overdue,
        },
        judgingNew: {
          entry: 'plan the new size',
          always: [{ guard: 'something is to be scaled', target: 'scalingUp' }, { target: '#deployment.finishing' }],
        },
        scalingUp: {
          entry: 'scale the next',
          on: {
            'api.answered': { guard: 'it succeeded', target: '#deployment.finishing', actions: 'note the scaling' },
          },
          after: overdue,
        },
        waitingForOldPods: {
          description: 'Nothing new is started before the last old pod has ended.',
          entry: 'forget what it saw',
        },
        waitingForPods: { entry: 'forget what it saw' },
      },
    },
    rolling: {
      initial: 'findingNew',
      states: {
        findingNew: {
          always: [
            { guard: 'it has no new replica set', target: '#deployment.creatingReplicaSet' },
            { target: 'judgingNew' },
          ],
        },
        judgingNew: {
          entry: 'plan the new size',
          always: [{ guard: 'something is to be scaled', target: 'scalingUp' }, { target: 'judgingOld' }],
        },
        scalingUp: {
          description: 'The new one gets what maxSurge leaves room for.',
          entry: 'scale the next',
          on: {
            'api.answered': {
              guard: 'it succeeded',
              target: '#deployment.judgingRollout',
              actions: 'note the scaling',
            },
          },
          after: overdue,
        },
        judgingOld: {
          entry: 'plan the old sizes',
          always: [
            { guard: 'something is to be scaled', target: 'scalingDownOld' },
            { target: '#deployment.finishing' },
          ],
        },
        scalingDownOld: {
          description: 'Unhealthy pods first, then as many as maxUnavailable allows.',
          entry: 'scale the next',
          on: {
            'api.answered': [
              { guard: 'more is to be scaled', target: 'scalingDownOld', reenter: true, actions: 'note the scaling' },
              { guard: 'it succeeded', target: '#deployment.judgingRollout', actions: 'note the scaling' },
              {
                target: '#deployment.finishing',
                description: 'A failure here is passed over; the next sync tries again.',
              },
            ],
          },
          after: overdue,
        },
        waitingForPods: {
          description: 'Its last step is made; pods have to start, become available or end.',
          entry: 'forget what it saw',
        },
      },
    },
    creatingReplicaSet: {
      initial: 'asking',
      states: {
        asking: {
          entry: 'create the new replica set',
          on: {
            'api.answered': [
              { guard: 'it succeeded', target: 'tellingCreation', actions: 'take in what it created' },
              { guard: 'the name is taken', target: 'judgingName' },
              { guard: 'the namespace is ending', target: '#deployment.idle', actions: 'say that it is done' },
              { target: 'failing', actions: 'note why it failed' },
            ],
            'call.lost': { target: 'failing', actions: 'note why it failed' },
          },
          after: { 'request timeout': { target: 'failing', actions: ['stop waiting', 'note why it failed'] } },
        },
        tellingCreation: {
          entry: 'report on itself',
          on: { 'api.answered': { guard: 'it succeeded', target: 'continuing' } },
          after: overdue,
        },
        continuing: {
          always: [
            { guard: 'it re-creates', target: '#deployment.recreating.judgingNew' },
            { target: '#deployment.rolling.judgingNew' },
          ],
        },
        judgingName: {
          always: [
            { guard: 'its cache knows who has the name', target: 'tellingCollision' },
            {
              target: '#deployment.backingOff',
              actions: 'say that it failed',
              description: 'Most often its own one, made a moment ago and not yet seen.',
            },
          ],
        },
        tellingCollision: {
          description:
            'Another template has the same hash: the count is hashed too, so the next sync has another name.',
          entry: ['count the collision', 'report on itself'],
          after: overdue,
        },
        failing: {
          entry: 'tell why it failed',
          always: [
            { guard: 'it has a progress deadline', target: 'tellingFailure' },
            { target: '#deployment.backingOff', actions: 'say that it failed' },
          ],
        },
        tellingFailure: { entry: ['write down the failure', 'report on itself'], after: overdue },
      },
    },
    finishing: {
      always: [{ guard: 'its rollout was complete', target: 'cleaningUp' }, { target: 'judgingRollout' }],
    },
    cleaningUp: {
      initial: 'planning',
      states: {
        planning: { entry: 'plan what to forget', always: 'judging' },
        judging: {
          always: [
            { guard: 'something is to be removed', target: 'removing' },
            { guard: 'it is paused', target: '#deployment.judgingStatus' },
            { target: '#deployment.judgingRollout' },
          ],
        },
        removing: {
          description: 'Empty old replica sets beyond revisionHistoryLimit.',
          entry: 'remove the next',
          on: { 'api.answered': { guard: 'it is removed', target: 'judging', actions: 'note the removal' } },
          after: overdue,
        },
      },
    },
    judgingStatus: {
      entry: 'work out the status',
      always: [{ guard: 'its status is reported', target: 'settling' }, { target: 'reportingStatus' }],
    },
    judgingRollout: {
      entry: 'work out the status of the rollout',
      always: [{ guard: 'its status is reported', target: 'settling' }, { target: 'reportingStatus' }],
    },
    reportingStatus: {
      entry: 'report the status',
      on: { 'api.answered': { guard: 'it succeeded', target: 'settling' } },
      after: overdue,
    },
    settling: {
      exit: 'say that it is done',
      always: [
        { guard: 'it is being deleted', target: 'idle' },
        { guard: 'it is paused', target: 'paused.waitingToResume' },
        { guard: 'its rollout is complete', target: 'idle' },
        { guard: 'it waits for old pods', target: 'recreating.waitingForOldPods' },
        { guard: 'it re-creates', target: 'recreating.waitingForPods' },
        { target: 'rolling.waitingForPods' },
      ],
    },
    gone: { entry: 'say that it is gone', type: 'final' },
  },
})
