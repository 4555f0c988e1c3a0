/** The commands of a live cluster alone, to be bundled into one file: kubectl must not wait for it. See cli/quick.js. */
import { faultCommand } from '../fault.ts'
import { runs } from '../program.ts'
import { serveCommand } from '../serve.ts'
import { timeCommand } from '../time.ts'

void runs([serveCommand(), timeCommand(), faultCommand()])
