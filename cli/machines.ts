/** `orrery machines`: what there is, one line a machine. */
import { Command } from '@commander-js/extra-typings'
import { type Catalogued, catalogue } from '../machines/catalogue.ts'
import { statesOf, transitionsOf } from '../runtime/coverage.ts'
import { paint, print } from './terminal.ts'

export const machinesCommand = () =>
  new Command('machines')
    .description('list all machines')
    .option('--json', 'as JSON')
    .action(({ json }) => {
      if (json === true) print(JSON.stringify(catalogue.map(rowOf), undefined, 2))
      else for (const each of catalogue) print(line(rowOf(each), each.machine.root.description))
    })

/** One machine, with the numbers of its states (the root is none) and transitions. */
export interface Row {
  readonly id: string
  readonly component: string
  readonly states: number
  readonly transitions: number
  readonly source: string
}

export const rowOf = ({ machine, component, source }: Catalogued): Row => ({
  id: machine.id,
  component,
  states: statesOf(machine).length - 1,
  transitions: statesOf(machine).flatMap(transitionsOf).length,
  source,
})

const line = ({ id, component, states, transitions }: Row, description = ''): string =>
  `${paint('bold', id.padEnd(34))}${component.padEnd(26)}${String(states).padStart(3)} states ${String(transitions).padStart(3)} transitions  ${paint('dim', description)}`.trimEnd()
