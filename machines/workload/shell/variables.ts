/** What `$name` gives in a process: its variables, and those the shell makes up itself. */
import type { Lookup } from './expansion.ts'
import type { Process } from './process.ts'

export function lookupIn(process: Process): Lookup {
  return (name) => {
    switch (name) {
      case '?':
        return String(process.status)
      case '$':
        return String(process.pid)
      case '!':
        return String(process.jobs.at(-1)?.pid ?? '')
      case 'PPID':
        return String(process.parent)
      case '#':
        return '0'
      case '0':
        return 'sh'
      case 'PWD':
        return process.directory
      default:
        return process.variables[name]
    }
  }
}
