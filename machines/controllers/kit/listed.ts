/** How a controller is listed: what it is, and the machines that it consists of. */
import type { AnyStateMachine } from 'xstate'
import { type Controller, type Member, supervisor } from './controller.ts'

export interface Listed {
  readonly member: Member
  /** To be registered with the runtime: the machine `<name>-controller` and those that it spawns. */
  readonly machines: readonly AnyStateMachine[]
}

/** A controller with a work queue, and the machines of its objects. */
export const supervised = (controller: Controller, ...objects: readonly AnyStateMachine[]): Listed => ({
  member: controller,
  machines: [supervisor(controller), ...objects],
})

/** A controller that is a machine of its own, with the id `<name>-controller`. */
export const standing = (member: Member, ...machines: readonly AnyStateMachine[]): Listed => ({ member, machines })
