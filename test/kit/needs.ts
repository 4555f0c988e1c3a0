/** What a machine may lack: a test that needs it is skipped with a sentence, and fails where CI promised it. */
import type { TestContext } from 'vitest'

/**
 * @param what as in "Chromium is missing"
 * @throws under `CI=true`, where a skip is a failure
 */
export function needs({ skip }: TestContext, what: string, isThere: boolean): void {
  if (isThere) return
  if (process.env['CI'] === 'true') throw new Error(`${what} is missing, and under CI=true nothing may be skipped`)
  skip(`${what} is missing`)
}
