/** How a namespace's content goes (pkg/controller/namespace/deletion/namespaced_resources_deleter.go). */
import { parseTime } from '../../lib/time.ts'
import { resources } from '../../profiles/v1.32/resources.generated.ts'
import type { ApiObject, Namespace, Pod, ResourceName } from '../../protocol/objects.ts'
import type { Outcome } from './conditions.ts'

/** Objects held by a finalizer are given so long for it. */
const FINALIZER_ESTIMATE_SECONDS = 15

/** All namespaced kinds that can be deleted. The real one goes through them in no order; here they stand in discovery's. */
export const namespacedResources: readonly ResourceName[] = [
  ...new Set(
    resources
      .filter(({ namespaced, verbs }) => namespaced && verbs.includes('delete'))
      .map(({ plural, group }) => (group === '' ? plural : `${plural}.${group}`)),
  ),
]

/** What a pass has come to so far. */
export interface Pass extends Outcome {
  /** The longest that something is expected to take, in s. */
  readonly estimateSeconds: number
}
export const emptyPass: Pass = { remaining: {}, finalizers: {}, failures: [], estimateSeconds: 0 }

/** estimateGracefulTermination: the longest grace period of a pod, while it has not run out since the deletion. */
export function graceSeconds(pods: readonly ApiObject[], { metadata }: Namespace, at: number): number {
  let longest = 0
  for (const { spec, status } of pods as readonly Pod[])
    if (status?.phase !== 'Succeeded' && status?.phase !== 'Failed')
      longest = Math.max(longest, spec.terminationGracePeriodSeconds ?? 0)
  return at - parseTime(metadata.deletionTimestamp ?? '') >= longest * 1_000 ? 0 : longest
}

/** What is left of one resource after its deletion. `grace` is the estimate for it, in s. */
export function counted(
  pass: Pass,
  namespace: string,
  resource: ResourceName,
  items: readonly ApiObject[],
  grace: number,
): Pass {
  if (items.length === 0) return pass
  const finalizers = { ...pass.finalizers }
  let held = false
  for (const { metadata } of items)
    for (const finalizer of metadata.finalizers ?? []) {
      finalizers[finalizer] = (finalizers[finalizer] ?? 0) + 1
      held = true
    }
  const estimate = grace > 0 ? grace : held ? FINALIZER_ESTIMATE_SECONDS : 0
  if (estimate === 0) {
    const failure = `unexpected items still remain in namespace: ${namespace} for gvr: ${goGvr(resource)}`
    return { ...pass, failures: [...pass.failures, failure] }
  }
  const name = resource.includes('.') ? resource : `${resource}.`
  return {
    ...pass,
    remaining: { ...pass.remaining, [name]: items.length },
    finalizers,
    estimateSeconds: Math.max(pass.estimateSeconds, estimate),
  }
}

export const failing = (pass: Pass, why: string): Pass => ({ ...pass, failures: [...pass.failures, why] })

/** `/v1, Resource=pods`: schema.GroupVersionResource.String */
function goGvr(resource: ResourceName): string {
  const found = resources.find(({ plural, group }) => resource === (group === '' ? plural : `${plural}.${group}`))
  return `${found?.group ?? ''}/${found?.version ?? 'v1'}, Resource=${found?.plural ?? resource}`
}

/** When to look again: half of what is expected, and a second more. */
export const againAfterMs = ({ estimateSeconds }: Pass): number => (Math.floor(estimateSeconds / 2) + 1) * 1_000
