/** All machines by the names of their roles, for those who want to draw, inspect or test them with XState's own tools. */
import type { AnyStateMachine } from 'xstate'
import { catalogue } from './catalogue.ts'

export const machines: readonly AnyStateMachine[] = catalogue.map(({ machine }) => machine)

/** @returns undefined when there is none of this id */
export const machineOf = (id: string): AnyStateMachine | undefined => machines.find((machine) => machine.id === id)
