/**
 * Which objects a map of labels selects, and which Services select a pod: remembered over the caches, so that one
 * change of a pod costs a path of the tree and not a look at every pod.
 */
import { Fold, type Tree } from '../../../runtime/tree.ts'
import type { ApiObject, Service } from '../../protocol/objects.ts'
import { type Labels, selectorMatches } from '../selector.ts'

const NONE: readonly never[] = []
const joined = <T>(a: readonly T[], b: readonly T[]): readonly T[] => {
  if (a.length === 0) return b
  return b.length === 0 ? a : [...a, ...b]
}

/** One fold per selector object: those are frozen parts of Services, and live as long. */
const folds = new WeakMap<Labels, Fold<ApiObject, readonly ApiObject[]>>()
function selecting(selector: Labels): Fold<ApiObject, readonly ApiObject[]> {
  const known = folds.get(selector)
  if (known !== undefined) return known
  const fold = new Fold<ApiObject, readonly ApiObject[]>(
    NONE,
    (object) => (selectorMatches(selector, object.metadata.labels) ? [object] : NONE),
    joined,
  )
  folds.set(selector, fold)
  return fold
}

/** All that carry these labels, in order of keys. Pass the same selector object each time: it is what is remembered. */
export const selected = <T extends ApiObject>(objects: Tree<T> | undefined, selector: Labels): readonly T[] =>
  objects === undefined ? NONE : ((objects as Tree<ApiObject>).fold(selecting(selector)) as readonly T[])

/** Services by one label of their selector, the least: a pod that lacks it cannot be selected. */
type BySign = ReadonlyMap<string, readonly Service[]>
const bySign = new Fold<Service, BySign>(
  new Map(),
  (service) => {
    const sign = signOf(service)
    return sign === undefined ? new Map() : new Map([[sign, [service]]])
  },
  (a, b) => {
    if (a.size === 0) return b
    if (b.size === 0) return a
    const both = new Map(a)
    for (const [sign, services] of b) both.set(sign, joined(both.get(sign) ?? NONE, services))
    return both
  },
)
/** An empty selector selects nothing here: an absent and an empty one mean endpoints made by hand. */
function signOf({ spec }: Service): string | undefined {
  const keys = Object.keys(spec.selector ?? {}).sort()
  const least = keys[0]
  return least === undefined ? undefined : `${least}=${spec.selector?.[least]}`
}

/** The Services among these (of one namespace) that select a pod with these labels (ServiceSelectorCache). */
export function servicesSelecting(services: Tree<Service> | undefined, labels: Labels | undefined): readonly Service[] {
  if (services === undefined || labels === undefined) return NONE
  const signs = services.fold(bySign)
  return Object.entries(labels)
    .flatMap(([key, value]) => signs.get(`${key}=${value}`) ?? NONE)
    .filter(({ spec }) => selectorMatches(spec.selector ?? {}, labels))
}
