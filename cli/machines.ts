/** `orrery machines`: what there is, one line a machine. */
import { Command } from '@commander-js/extra-typings'
import { catalogue } from '../machines/catalogue.ts'
import { statesOf, transitionsOf } from '../runtime/coverage.ts'
import { paint, print } from './terminal.ts'

export const machinesCommand = () =>
  new Command('machines')
    .description('list all machines')
    .option('--json', 'as JSON')
    .action(({ json }) => {
      const rows = catalogue.map(({ machine, component, source }) => ({
        id: machine.id,
        component,
        states: statesOf(machine).length - 1,
        transitions: statesOf(machine).flatMap(transitionsOf).length,
        source,
        description: machine.root.description,
      }))
      if (json === true) print(JSON.stringify(rows, undefined, 2))
      else for (const row of rows) print(line(row))
    })

interface Row {
  readonly id: string
  readonly component: string
  readonly states: number
  readonly transitions: number
  readonly description: string | undefined
}
const line = ({ id, component, states, transitions, description = '' }: Row): string =>
  `${paint('bold', id.padEnd(34))}${component.padEnd(26)}${String(states).padStart(3)} states ${String(transitions).padStart(3)} transitions  ${paint('dim', description)}`.trimEnd()
