/**
 * Amounts of resources as the scheduler counts them: framework.Resource, and resourcehelper.PodRequests (what a pod
 * asks for when its containers, init containers, sidecars and overhead are put together).
 */
import { oncePer } from '../lib/once-per.ts'
import { milliOf, valueOf } from '../lib/quantity.ts'
import type { core, Pod } from '../protocol/objects.ts'

export interface Resources {
  readonly milliCpu: number
  readonly memoryBytes: number
  readonly ephemeralStorageBytes: number
  /** Extended resources, huge pages and attachable volumes, by name. */
  readonly scalar: Readonly<Record<string, number>>
}
/** What scoring counts for a pod: containers that ask for nothing are taken to use a little. */
export interface NonZero {
  readonly milliCpu: number
  readonly memoryBytes: number
}
type Quantities = Readonly<Record<string, string>>
const NO_QUANTITIES: Quantities = {}

export const NOTHING: Resources = { milliCpu: 0, memoryBytes: 0, ephemeralStorageBytes: 0, scalar: {} }
/** schedutil.DefaultMilliCPURequest and DefaultMemoryRequest: a tenth of a core and 200 MB. */
export const DEFAULT_REQUEST: NonZero = { milliCpu: 100, memoryBytes: 200 * 1024 * 1024 }

/** framework.Resource.Add over a ResourceList. Native resources that the scheduler does not know are left out. */
export const resourcesOf = (quantities: Quantities = NO_QUANTITIES): Resources => read(quantities)

/** Quantities are shared by all pods of a template. */
const read = oncePer((quantities: Quantities): Resources => {
  let { milliCpu, memoryBytes, ephemeralStorageBytes } = NOTHING
  const scalar: Record<string, number> = {}
  for (const [name, text] of Object.entries(quantities)) {
    if (name === 'cpu') milliCpu = milliOf(text)
    else if (name === 'memory') memoryBytes = valueOf(text)
    else if (name === 'ephemeral-storage') ephemeralStorageBytes = valueOf(text)
    else if (isScalar(name)) scalar[name] = valueOf(text)
  }
  return { milliCpu, memoryBytes, ephemeralStorageBytes, scalar }
})

/** schedutil.IsScalarResourceName: `example.com/gpu`, `hugepages-2Mi`, `attachable-volumes-…`. */
export const isScalar = (name: string): boolean =>
  name.includes('/') || name.startsWith('hugepages-') || name.startsWith('attachable-volumes-')

export const sum = (a: Resources, b: Resources): Resources => combined(a, b, (x, y) => x + y)
export const difference = (a: Resources, b: Resources): Resources => combined(a, b, (x, y) => x - y)
const larger = (a: Resources, b: Resources): Resources => combined(a, b, Math.max)

function combined(a: Resources, b: Resources, by: (x: number, y: number) => number): Resources {
  return {
    milliCpu: by(a.milliCpu, b.milliCpu),
    memoryBytes: by(a.memoryBytes, b.memoryBytes),
    ephemeralStorageBytes: by(a.ephemeralStorageBytes, b.ephemeralStorageBytes),
    scalar: combinedScalars(a.scalar, b.scalar, by),
  }
}

function combinedScalars(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
  by: (x: number, y: number) => number,
): Readonly<Record<string, number>> {
  const names = Object.keys(b)
  if (names.length === 0) return a
  const scalar: Record<string, number> = { ...a }
  for (const name of names) scalar[name] = by(a[name] ?? 0, b[name] ?? 0)
  return scalar
}

/** resourcehelper.PodRequests. */
export const requestsOf = (pod: Pod): Resources => together(pod, (container) => resourcesOf(requested(container)))

/** The same with NonMissingContainerRequests: cpu and memory that a container does not mention have a default. */
export function nonZeroRequestsOf(pod: Pod): NonZero {
  return together(pod, (container) => nonZeroOf(requested(container) ?? NO_QUANTITIES))
}

const nonZeroOf = oncePer(({ cpu, memory }: Quantities): Resources => {
  const milliCpu = cpu === undefined ? DEFAULT_REQUEST.milliCpu : milliOf(cpu)
  const memoryBytes = memory === undefined ? DEFAULT_REQUEST.memoryBytes : valueOf(memory)
  return { ...NOTHING, milliCpu, memoryBytes }
})

const requested = ({ resources }: core.Container): Quantities | undefined => resources?.requests as Quantities

/**
 * Containers run together; init containers run one after another before them, each beside the sidecars that were
 * started earlier. The pod needs the most that is ever needed at once, and its overhead.
 */
function together({ spec }: Pod, of: (container: core.Container) => Resources): Resources {
  const [only, ...others] = spec.containers
  if (only !== undefined && others.length === 0 && spec.initContainers === undefined && spec.overhead === undefined)
    return of(only)
  let running = NOTHING
  for (const container of spec.containers) running = sum(running, of(container))
  let sidecars = NOTHING
  let starting = NOTHING
  for (const container of spec.initContainers ?? []) {
    const its = of(container)
    if (isSidecar(container)) {
      running = sum(running, its)
      sidecars = sum(sidecars, its)
      starting = larger(starting, sidecars)
    } else starting = larger(starting, sum(sidecars, its))
  }
  return sum(larger(running, starting), resourcesOf(spec.overhead as Quantities | undefined))
}

/** An init container that is restarted always keeps running beside the others. `kubernetes-types` 1.30 lacks the field. */
const isSidecar = (container: core.Container): boolean =>
  (container as { restartPolicy?: string }).restartPolicy === 'Always'
