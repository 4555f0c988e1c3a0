/** What both ways to step a chart, by XState and compiled, make of an action and what it gives. */
import type { EventObject } from 'xstate'
import type { Effect, Effects } from './effects.ts'

export const listed = (effects: Effects): readonly Effect[] => (isList(effects) ? effects : [effects])
const isList = (effects: Effects): effects is readonly Effect[] => Array.isArray(effects)

/** @param on the event that the action is for; undefined: any. @throws when it is for another */
export function checkEvent(on: string | undefined, { type }: EventObject): void {
  if (on !== undefined && on !== type) throw new Error(`an action for "${on}" was run on "${type}"`)
}
