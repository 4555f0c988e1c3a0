/** What a rule finds in an object, told. */
import type { Found } from '../../../../../machines/lib/validation/causes.ts'
import { told } from './told.ts'

export const toldOf = <T>(check: (found: Found, object: T) => void, object: unknown): readonly string[] =>
  told((found) => check(found, object as T))
