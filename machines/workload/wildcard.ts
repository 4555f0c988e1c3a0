/** `*` and `?` in patterns, of images and of the shell's `case`. */
export function matches(pattern: string, text: string): boolean {
  let compiled = known.get(pattern)
  if (compiled === undefined) {
    const escaped = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')
    compiled = new RegExp(`^${escaped}$`, 's')
    known.set(pattern, compiled)
  }
  return compiled.test(text)
}
/** The same few patterns come again with every container. */
const known = new Map<string, RegExp>()
