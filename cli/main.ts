/** `orrery`: the command line, one file a command. Only the one that is asked for is loaded: the others take their time. */
import type { CommandUnknownOpts } from '@commander-js/extra-typings'
import { runs } from './program.ts'

const COMMANDS: Readonly<Record<string, () => Promise<CommandUnknownOpts>>> = {
  story: async () => (await import('./story.ts')).storyCommand(),
  run: async () => (await import('./run.ts')).runCommand(),
  schedule: async () => (await import('./schedule.ts')).scheduleCommand(),
  draw: async () => (await import('./draw.ts')).drawCommand(),
  check: async () => (await import('./check.ts')).checkCommand(),
  replay: async () => (await import('./replay.ts')).replayCommand(),
  why: async () => (await import('./why.ts')).whyCommand(),
  machines: async () => (await import('./machines.ts')).machinesCommand(),
  serve: async () => (await import('./serve.ts')).serveCommand(),
  time: async () => (await import('./time.ts')).timeCommand(),
  fault: async () => (await import('./fault.ts')).faultCommand(),
}

const [asked = ''] = process.argv.slice(2)
const wanted = Object.hasOwn(COMMANDS, asked) ? [COMMANDS[asked]] : Object.values(COMMANDS)
await runs(await Promise.all(wanted.flatMap((load) => load?.() ?? [])))
