/** What must be on the disk before anybody hears of it. */
import { words } from './words.ts'

export const storage = words.createStateConfig({
  description:
    'Nobody hears of an entry or a vote before the disk has it. What comes up meanwhile shares the next write.',
  initial: 'quiet',
  states: {
    quiet: {
      always: [
        { guard: 'something must be on disk first', target: 'persisting' },
        { guard: 'there is something to say', actions: 'say what is due' },
      ],
    },
    persisting: {
      description: 'One write is on its way to the disk. A leader has spoken already; everyone else waits.',
      entry: 'write and sync',
      on: { 'disk.synced': { target: 'quiet', actions: 'count what is on disk' } },
    },
  },
})
