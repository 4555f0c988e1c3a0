/** Machines have no Math.log, whose last digit differs between engines: this one is made of plain arithmetic. */
/** @param n at least 1 */
export function naturalLogarithm(n: number): number {
  let halvings = 0
  while (n > Math.SQRT2) {
    n /= 2
    halvings++
  }
  // ln n = 2 artanh((n - 1) / (n + 1)), and the argument is below 0.18 now.
  const x = (n - 1) / (n + 1)
  let sum = 0
  for (let i = 23; i >= 1; i -= 2) sum = sum * x * x + 1 / i
  return halvings * Math.LN2 + 2 * x * sum
}
