/** Exponential back-off by multiplication: no logarithms, no powers, the same on every machine. */

/** `base`, `base × factor`, … up to the cap. The first attempt is 0. */
export function backOffMs(base: number, factor: number, cap: number, attempt: number): number {
  let ms = base
  for (let i = 0; i < attempt && ms < cap; i++) ms *= factor
  return ms < cap ? ms : cap
}
