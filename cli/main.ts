/** `orrery`: the command line. One file a command; each says in its exit code how it went: 0 fine, 1 something did not hold, 2 bad input. */
import { Command } from '@commander-js/extra-typings'
import { checkCommand } from './check.ts'
import { drawCommand } from './draw.ts'
import { BadInput, complain, EXIT } from './failure.ts'
import { faultCommand } from './fault.ts'
import { machinesCommand } from './machines.ts'
import { replayCommand } from './replay.ts'
import { runCommand } from './run.ts'
import { scheduleCommand } from './schedule.ts'
import { serveCommand } from './serve.ts'
import { storyCommand } from './story.ts'
import { timeCommand } from './time.ts'
import { whyCommand } from './why.ts'

const program = new Command('orrery')
  .description('A complete Kubernetes cluster as a clockwork: run it, break it, draw it, ask it why.')
  .version('0.1.0')
  .showHelpAfterError('(orrery --help shows the commands)')
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'orrery: ')) })
  .exitOverride((error) => {
    process.exit(error.exitCode === 0 ? EXIT.fine : EXIT.badInput)
  })

for (const command of [
  storyCommand,
  runCommand,
  scheduleCommand,
  drawCommand,
  checkCommand,
  replayCommand,
  whyCommand,
  machinesCommand,
  serveCommand,
  timeCommand,
  faultCommand,
]) {
  program.addCommand(command().copyInheritedSettings(program))
}

try {
  await program.parseAsync()
} catch (error) {
  complain(error)
  process.exitCode = error instanceof BadInput ? EXIT.badInput : EXIT.broken
}
