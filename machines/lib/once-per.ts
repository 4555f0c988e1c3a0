/** What is worked out of an object once, as long as it lives: objects are frozen, so it would come out the same again. */
export function oncePer<K extends object, V>(work: (object: K) => V): (object: K) => V {
  const known = new WeakMap<K, V>()
  return (object) => {
    let made = known.get(object)
    if (made === undefined) {
      made = work(object)
      known.set(object, made)
    }
    return made
  }
}
