/** What a soak has come to so far, and what it shows of its progress. */
export interface Outcome {
  passed: number
  failed: number
}

const SHOWN_EVERY_MS = 5_000

/** Prints a line now and then. */
export class Shown {
  private at = performance.now()

  now(text: () => string): void {
    if (performance.now() - this.at < SHOWN_EVERY_MS) return
    this.at = performance.now()
    console.log(text())
  }
}
