/** How long the work of an API server takes, as a median of the recordings; network and disk come on top. */

/** Decoding, admission, validation and encoding of a request that writes. */
export const MUTATION_MS = 0.5
/** Of one that reads. */
export const READ_MS = 0.2
