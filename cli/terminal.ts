/** What the terminal shows: colours where there is one, a line of progress, and errors that help. */
import { styleText } from 'node:util'

const coloured = (stream: { isTTY?: boolean }): boolean =>
  stream.isTTY === true && process.env['NO_COLOR'] === undefined

type Style = Parameters<typeof styleText>[0]

/** Coloured on a terminal, plain elsewhere. */
export const paint = (style: Style, text: string): string => (coloured(process.stdout) ? styleText(style, text) : text)

export const print = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

/** One line that is written over and over, on a terminal only. */
export class Progress {
  private shownAt = 0
  private readonly out = process.stderr

  show(text: string): void {
    const now = performance.now()
    if (!coloured(this.out) || now - this.shownAt < 60) return
    this.shownAt = now
    this.out.write(`\r\u001b[2K${text.slice(0, (this.out.columns ?? 80) - 1)}`)
  }

  done(): void {
    if (coloured(this.out)) this.out.write('\r\u001b[2K')
  }
}

/** Virtual time as a reader likes it: `2.300s`, `1m05.000s`. */
export function clock(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  const seconds = ((ms % 60_000) / 1_000).toFixed(3)
  return minutes === 0 ? `${seconds}s` : `${minutes}m${seconds.padStart(6, '0')}s`
}
