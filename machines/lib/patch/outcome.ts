/** What becomes of a patch: the patched document, or why not, as the API server answers. */
export type Patched =
  | { readonly value: unknown; readonly error?: undefined }
  | { readonly error: PatchFailure; readonly value?: undefined }
export interface PatchFailure {
  readonly code: number
  /** `''` of a plain 500. */
  readonly reason: string
  readonly message: string
}

export const badRequest = (message: string): PatchFailure => ({ code: 400, reason: 'BadRequest', message })
/** An error that the API server does not know how to tell: a 500 without a reason. */
export const unexplained = (message: string): PatchFailure => ({ code: 500, reason: '', message })
export const unprocessable = (
  message = 'the server rejected our request due to an error in our request',
): PatchFailure => ({
  code: 422,
  reason: 'Invalid',
  message,
})

/** Leaves a patch half-way; never seen outside these modules. */
export class Refused extends Error {
  readonly failure: PatchFailure
  constructor(failure: PatchFailure) {
    super(failure.message)
    this.failure = failure
  }
}

/** Runs a patch that may leave half-way. */
export function outcomeOf(patch: () => unknown): Patched {
  try {
    return { value: patch() }
  } catch (error) {
    if (error instanceof Refused) return { error: error.failure }
    throw error
  }
}

export type Json = Readonly<Record<string, unknown>>
export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
