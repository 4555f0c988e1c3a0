/**
 * `{ ...object, ...fields }`, for what is kept and read often. In the engine of Node 20, a literal that begins with a
 * spread, and then grows by a field or is frozen, has a shape that it shares with no other object; whoever reads it
 * later looks each field up as if for the first time. Here, equal fields make equal shapes. A literal whose new fields
 * stand before the spread does as well, and one that begins with nothing, as this.
 */
export const joined = <A extends object, B extends object>(object: A, fields: B = {} as B): Omit<A, keyof B> & B => ({
  ...NOTHING,
  ...object,
  ...fields,
})
const NOTHING = Object.freeze({})
