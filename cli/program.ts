/** The program around the commands: what they have in common, and the exit code that says how it went. */
import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings'
import { BadInput, complain, EXIT } from './failure.ts'

/** Runs what the command line asks for. 0: fine; 1: something did not hold; 2: bad input. */
export async function runs(commands: readonly CommandUnknownOpts[]): Promise<void> {
  const program = new Command('orrery')
    .description('A complete Kubernetes cluster as a clockwork: run it, break it, draw it, ask it why.')
    .version('0.1.0')
    .showHelpAfterError('(orrery --help shows the commands)')
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'orrery: ')) })
    .exitOverride((error) => {
      process.exit(error.exitCode === 0 ? EXIT.fine : EXIT.badInput)
    })
  // Who reads only the first lines (`| head`) has seen enough.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(EXIT.fine)
  })
  for (const command of commands) program.addCommand(command.copyInheritedSettings(program))
  try {
    await program.parseAsync()
  } catch (error) {
    complain(error)
    process.exitCode = error instanceof BadInput ? EXIT.badInput : EXIT.broken
  }
}
