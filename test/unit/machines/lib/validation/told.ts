/** What a rule finds, as texts. */
import type { Found } from '../../../../../machines/lib/validation/causes.ts'

export function told(look: (found: Found) => void): readonly string[] {
  const found: Found = []
  look(found)
  return found.map(({ field, message }) => `${field}: ${message}`)
}
