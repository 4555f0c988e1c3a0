/** Watches: in step, or catching up. */
import { words } from './words.ts'

export const watches = words.createStateConfig({
  initial: 'inStep',
  on: {
    'etcd.Watch': [
      { guard: 'it has no vote', actions: 'end the watch' },
      { guard: 'watch range is empty', actions: 'cancel the watch at once' },
      { guard: 'watch starts in the past', actions: 'open the watch behind' },
      { actions: 'open the watch in step' },
    ],
    'stream.closed': { actions: 'close the watch' },
    'etcd.WatchProgress': { actions: 'tell the progress' },
    'progress.due': { actions: 'tell all the progress' },
  },
  states: {
    inStep: {
      description: 'Every watcher hears of a change as it is applied.',
      always: { guard: 'some watchers are behind', target: 'catchingUp' },
    },
    catchingUp: {
      description: 'Some asked for the past: a loop tells them, up to 512 at a turn, until they are in step.',
      after: {
        'next turn of the watch loop': { target: 'inStep', actions: 'tell the watchers the past' },
      },
    },
  },
})
