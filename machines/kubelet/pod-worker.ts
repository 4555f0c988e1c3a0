/**
 * One pod on its node, from admission to the end (pkg/kubelet/pod_workers.go): synced again and again while it should
 * run, then terminating, then terminated, and never back. A sync is one sequence: what the last relist showed is
 * written as status, then it is worked out what to do and done, one container after another.
 */
import { born } from '../../runtime/contract.ts'
import { vocabulary } from './pod/vocabulary.ts'
import { atBirth } from './pod/worker.ts'

export const podWorker = vocabulary.createMachine({
  id: 'pod-worker',
  context: born(atBirth),
  initial: 'admitting',
  on: {
    'pod.updated': { actions: 'remember the pod' },
    'pod.removed': { actions: 'note that it is gone' },
    'pod.relisted': { actions: 'see what runs' },
    'probe.resulted': { actions: 'note the result' },
    'deadline.passed': { actions: 'give up on it' },
    'container.killed': { actions: 'count the killed' },
  },
  states: {
    admitting: {
      always: [{ guard: 'the kubelet cannot take it', target: 'rejected' }, { target: 'resting' }],
    },
    rejected: {
      description: 'Marked Failed with the reason of the predicate that failed; it never ran here.',
      type: 'final',
      entry: 'report the rejection',
    },
    resting: {
      description: 'All is done that can be done now.',
      always: [
        { guard: 'it is to end', target: 'terminating' },
        { guard: 'a sync is due', target: 'syncing' },
        { guard: 'a sync is wanted', target: 'waitingForRelist' },
      ],
    },
    backingOff: {
      description: 'The last sync failed: another in 10 to 15 s, or at once when something happens.',
      always: [
        { guard: 'it is to end', target: 'terminating' },
        { guard: 'a sync is due', target: 'syncing' },
        { guard: 'a sync is wanted', target: 'waitingForRelist' },
      ],
      after: { 'until the next sync': { target: 'resting', actions: 'want a sync' } },
    },
    waitingForRelist: {
      description: 'A sync must see the runtime as it is after the last one: at the next tick of the relist.',
      entry: 'ask for a relist',
      on: { 'pod.relisted': { target: 'resting', actions: 'see what runs' } },
    },
    syncing: {
      initial: 'reporting',
      states: {
        reporting: {
          entry: ['report what the relist showed', 'watch the deadline'],
          always: [
            {
              guard: 'its containers are done',
              target: '#pod-worker.terminating',
              actions: 'note that it is done',
            },
            { target: 'mounting' },
          ],
        },
        mounting: {
          description: 'Nothing is started before all volumes are mounted.',
          initial: 'listing',
          states: {
            listing: { entry: 'list what its volumes need', always: 'choosing' },
            choosing: {
              always: [
                { guard: 'something is to be read', target: 'reading' },
                { guard: 'a volume cannot be mounted', target: 'backingOff', actions: 'record FailedMount' },
                { target: '#pod-worker.syncing.deciding' },
              ],
            },
            reading: {
              entry: 'read the next',
              on: {
                'api.answered': [
                  { guard: 'it was answered', target: 'choosing', actions: 'keep what was read' },
                  { target: 'backingOff' },
                ],
                'call.lost': 'backingOff',
              },
              after: { 'request timeout': 'backingOff' },
            },
            backingOff: {
              entry: 'hang up',
              always: { guard: 'it is to end', target: '#pod-worker.syncing.settling', actions: 'fail the sync' },
              after: { 'mount back-off': 'listing' },
            },
          },
        },
        deciding: {
          entry: ['record missing pull secrets', 'start the probe workers', 'decide what to do'],
          always: 'proceeding',
        },
        proceeding: {
          description: 'What must go goes first, then the sandbox is made, then containers are started.',
          always: [
            { guard: 'something must be killed', target: 'killing' },
            { guard: 'the sandbox must go', target: 'stoppingSandbox' },
            { guard: 'a sandbox is needed', target: 'makingSandbox' },
            { guard: 'a container is to be started', target: 'startingContainer' },
            { target: 'settling' },
          ],
        },
        killing: {
          entry: 'kill them',
          always: { guard: 'all of them are killed', target: 'proceeding' },
        },
        stoppingSandbox: {
          entry: 'stop the sandbox',
          on: {
            'cri.answered': { target: 'proceeding', actions: 'note that the pod is killed' },
            'cri.failed': { target: 'settling', actions: 'fail the sync' },
            'call.lost': { target: 'settling', actions: 'fail the sync' },
          },
          after: { 'runtime request timeout': { target: 'settling', actions: 'fail the sync' } },
        },
        makingSandbox: {
          entry: 'make the sandbox',
          on: {
            'cri.answered': { target: 'proceeding', actions: 'keep the sandbox' },
            'cri.failed': { target: 'settling', actions: 'record FailedCreatePodSandBox' },
            'call.lost': { target: 'settling', actions: 'record FailedCreatePodSandBox' },
          },
          after: { 'runtime request timeout': { target: 'settling', actions: 'record FailedCreatePodSandBox' } },
        },
        startingContainer: {
          description: 'One container after another. One that fails does not keep the others from being tried.',
          initial: 'choosing',
          states: {
            choosing: {
              always: [
                { guard: 'no container is left', target: '#pod-worker.syncing.settling' },
                { guard: 'it crashed a moment ago', target: 'choosing', actions: 'record BackOff' },
                { guard: 'its image has no proper name', target: 'choosing', actions: 'record InspectFailed' },
                { target: 'lookingForImage', actions: 'lengthen its back-off' },
              ],
            },
            lookingForImage: {
              entry: 'look for the image',
              on: {
                'cri.answered': [
                  { guard: 'pulling is forbidden', target: 'choosing', actions: 'record ErrImageNeverPull' },
                  {
                    guard: 'the image need not be pulled',
                    target: 'configuring',
                    actions: ['keep the image', 'record Pulled'],
                  },
                  {
                    guard: 'the last pull failed a moment ago',
                    target: 'choosing',
                    actions: 'record ImagePullBackOff',
                  },
                  { target: 'pulling' },
                ],
                'cri.failed': { target: 'choosing', actions: 'note that the image could not be looked for' },
                'call.lost': { target: 'choosing', actions: 'note that the image could not be looked for' },
              },
              after: {
                'runtime request timeout': {
                  target: 'choosing',
                  actions: 'note that the image could not be looked for',
                },
              },
            },
            pulling: {
              description: 'Images are pulled one by one on a node: it may wait for others. It has no time-out.',
              entry: 'pull the image',
              on: {
                'image.pulled': { target: 'configuring', actions: 'record the pull' },
                'image.pullFailed': { target: 'choosing', actions: 'record ErrImagePull' },
                'call.lost': { target: 'choosing', actions: 'record ErrImagePull' },
              },
            },
            configuring: {
              initial: 'listing',
              states: {
                listing: { entry: 'list what its environment needs', always: 'choosing' },
                choosing: {
                  always: [
                    { guard: 'something is to be read', target: 'reading' },
                    {
                      guard: 'its configuration is wrong',
                      target: '#pod-worker.syncing.startingContainer.choosing',
                      actions: 'record CreateContainerConfigError',
                    },
                    { target: '#pod-worker.syncing.startingContainer.creating' },
                  ],
                },
                reading: {
                  entry: 'read the next',
                  on: {
                    'api.answered': [
                      { guard: 'it was answered', target: 'choosing', actions: 'keep what was read' },
                      { target: 'unreadable' },
                    ],
                    'call.lost': 'unreadable',
                  },
                  after: { 'request timeout': 'unreadable' },
                },
                unreadable: {
                  entry: 'hang up',
                  always: {
                    target: '#pod-worker.syncing.startingContainer.choosing',
                    actions: 'note that its environment could not be read',
                  },
                },
              },
            },
            creating: {
              entry: 'create it',
              on: {
                'cri.answered': { target: 'starting', actions: 'keep its id' },
                'cri.failed': { target: 'choosing', actions: 'record CreateContainerError' },
                'call.lost': { target: 'choosing', actions: 'record CreateContainerError' },
              },
              after: { 'runtime request timeout': { target: 'choosing', actions: 'record CreateContainerError' } },
            },
            starting: {
              entry: 'start it',
              on: {
                'cri.answered': [
                  { guard: 'it has a postStart hook', target: 'runningHook', actions: 'record Started' },
                  { target: 'choosing', actions: ['record Started', 'go on to the next'] },
                ],
                'cri.failed': { target: 'choosing', actions: 'record RunContainerError' },
                'call.lost': { target: 'choosing', actions: 'record RunContainerError' },
              },
              after: { 'runtime request timeout': { target: 'choosing', actions: 'record RunContainerError' } },
            },
            runningHook: {
              description: 'The postStart hook holds everything: no status is written and no other container started.',
              initial: 'beginning',
              states: {
                beginning: {
                  always: [{ guard: 'the hook only sleeps', target: 'sleeping' }, { target: 'calling' }],
                },
                sleeping: {
                  after: {
                    'hook sleep': {
                      target: '#pod-worker.syncing.startingContainer.choosing',
                      actions: 'go on to the next',
                    },
                  },
                },
                calling: {
                  entry: 'run the hook',
                  on: {
                    'cri.answered': [
                      {
                        guard: 'the hook succeeded',
                        target: '#pod-worker.syncing.startingContainer.choosing',
                        actions: 'go on to the next',
                      },
                      { target: 'killing', actions: 'record FailedPostStartHook' },
                    ],
                    'probe.answered': [
                      {
                        guard: 'the hook succeeded',
                        target: '#pod-worker.syncing.startingContainer.choosing',
                        actions: 'go on to the next',
                      },
                      { target: 'killing', actions: 'record FailedPostStartHook' },
                    ],
                    'cri.failed': { target: 'killing', actions: 'record FailedPostStartHook' },
                    'call.lost': { target: 'killing', actions: 'record FailedPostStartHook' },
                  },
                },
                killing: {
                  always: {
                    guard: 'all of them are killed',
                    target: '#pod-worker.syncing.startingContainer.choosing',
                    actions: 'note the failure of the hook',
                  },
                },
              },
            },
          },
        },
        settling: {
          entry: 'settle the sync',
          always: [{ guard: 'the sync failed', target: '#pod-worker.backingOff' }, { target: '#pod-worker.resting' }],
        },
      },
    },
    terminating: {
      description: 'Nothing is started any more. What runs is killed within its grace, then the sandbox is taken down.',
      initial: 'beginning',
      states: {
        beginning: {
          always: [{ guard: 'a newer relist was seen', target: 'stoppingContainers' }, { target: 'waitingForRelist' }],
        },
        waitingForRelist: {
          entry: 'ask for a relist',
          on: { 'pod.relisted': { target: 'beginning', actions: 'see what runs' } },
        },
        stoppingContainers: {
          entry: ['report that it ends', 'stop the liveness and startup probes', 'kill everything'],
          always: { guard: 'all of them are killed', target: 'containersStopped' },
        },
        containersStopped: {
          always: [{ guard: 'a sandbox stands', target: 'stoppingSandbox' }, { target: 'lookingAtRemains' }],
        },
        stoppingSandbox: {
          entry: 'stop the sandbox',
          on: { 'cri.answered': 'lookingAtRemains', 'cri.failed': 'backingOff', 'call.lost': 'backingOff' },
          after: { 'runtime request timeout': 'backingOff' },
        },
        lookingAtRemains: {
          entry: 'ask for the remains',
          on: {
            'cri.answered': {
              target: '#pod-worker.terminated',
              actions: ['report how it ended', 'stop the probes'],
            },
            'cri.failed': 'backingOff',
            'call.lost': 'backingOff',
          },
          after: { 'runtime request timeout': 'backingOff' },
        },
        backingOff: { after: { 'error back-off': 'beginning' } },
      },
    },
    terminated: {
      description: 'Nothing runs. Once a relist has shown it, the API may forget the pod.',
      initial: 'beginning',
      states: {
        beginning: {
          always: [{ guard: 'a newer relist was seen', target: 'over' }, { target: 'waitingForRelist' }],
        },
        waitingForRelist: {
          entry: 'ask for a relist',
          on: { 'pod.relisted': { target: 'beginning', actions: 'see what runs' } },
        },
        over: {
          entry: 'report that it is over',
          always: { guard: 'the API has forgotten it', target: '#pod-worker.gone' },
          on: {
            'pod.updated': [
              { guard: 'it is being deleted', actions: ['remember the pod', 'report it again'] },
              { actions: 'remember the pod' },
            ],
          },
        },
      },
    },
    gone: { type: 'final', entry: 'throw the remains away' },
  },
})
