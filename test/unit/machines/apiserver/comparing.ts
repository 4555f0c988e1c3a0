/** Compares what is said with what was recorded: placeholders are bound where they first appear and hold from then on. */
import { parseTime } from '../../../../machines/lib/time.ts'

export class Comparison {
  readonly differences: string[] = []
  private readonly bound = new Map<string, string>()
  private epoch: number | undefined

  /** Placeholders in what is sent, replaced by what they stand for. */
  filled<T>(value: T): T {
    const text = JSON.stringify(value)
    if (text === undefined) return value
    return JSON.parse(
      text.replace(/<(?:uid|rv|continue|clusterip|nodeport|rand|jwt):\d+>/g, (hole) => this.bound.get(hole) ?? hole),
    )
  }

  compare(expected: unknown, actual: unknown, path = ''): void {
    if (typeof expected === 'string') return this.text(expected, actual, path)
    if (typeof expected !== 'object' || expected === null) return this.value(expected, actual, path)
    if (typeof actual !== 'object' || actual === null || Array.isArray(expected) !== Array.isArray(actual)) {
      return this.value(expected, actual, path)
    }
    const [wanted, got] = [expected as Record<string, unknown>, actual as Record<string, unknown>]
    if (wanted['items'] === '<0>') return
    for (const key of new Set([...Object.keys(wanted), ...Object.keys(got)])) {
      if (key === 'managedFields' || (got[key] === undefined && wanted[key] === undefined)) continue
      this.compare(wanted[key], got[key], `${path}.${key}`)
    }
  }

  private value(expected: unknown, actual: unknown, path: string): void {
    if (expected !== actual) this.differences.push(`${path}: ${JSON.stringify(expected)} ≠ ${JSON.stringify(actual)}`)
  }

  private text(expected: string, actual: unknown, path: string): void {
    if (/^<(pem|ok|long|list|0)>$/.test(expected)) return
    if (/^<t[+-].*>$/.test(expected)) return this.time(expected, actual, path)
    if (!/<\w+(:\d+)?>/.test(expected)) return this.value(expected, actual, path)
    const holes: string[] = []
    const pattern = expected.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/<\w+(:\d+)?>/g, (hole) => {
      holes.push(hole)
      return hole.startsWith('<rand') ? '([a-z0-9]{5})' : '(.+?)'
    })
    const found = new RegExp(`^${pattern}$`).exec(String(actual))
    if (found === null) return this.value(expected, actual, path)
    for (const [i, hole] of holes.entries()) {
      const value = found[i + 1] as string
      const known = hole.includes(':') ? this.bound.get(hole) : undefined
      if (known !== undefined && known !== value) this.differences.push(`${path}: ${hole} was ${known}, is ${value}`)
      this.bound.set(hole, known ?? value)
    }
  }

  private time(expected: string, actual: unknown, path: string): void {
    const at = parseTime(String(actual))
    const seconds = Number(/^<t([+-][\d.]+)/.exec(expected)?.[1])
    this.epoch ??= at - seconds * 1_000
    if (!(Math.abs(at - this.epoch - seconds * 1_000) <= 1_500)) this.value(expected, actual, path)
  }
}
