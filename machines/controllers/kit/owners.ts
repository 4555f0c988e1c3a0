/** Owner references as controllers read them (k8s.io/apimachinery/pkg/apis/meta/v1/controller_ref.go). */
import { type ApiObject, keyFor, type OwnerReference } from '../../protocol/objects.ts'

/** The owner that manages the object; at most one has `controller: true`. */
export const controllerOf = ({ metadata }: ApiObject): OwnerReference | undefined =>
  metadata.ownerReferences?.find(({ controller }) => controller === true)

export const isControlledBy = (object: ApiObject, owner: ApiObject): boolean =>
  controllerOf(object)?.uid === owner.metadata.uid

/** The key of the controller of an object when it is of this kind, as a queue holds it. */
export function controllerKey(object: ApiObject | undefined, kind: string): string | undefined {
  const owner = object === undefined ? undefined : controllerOf(object)
  return owner?.kind === kind ? keyFor(object?.metadata.namespace, owner.name) : undefined
}

/** metav1.NewControllerRef. */
export const controllerReference = ({ apiVersion, kind, metadata }: ApiObject): OwnerReference => ({
  apiVersion,
  kind,
  name: metadata.name,
  uid: metadata.uid ?? '',
  controller: true,
  blockOwnerDeletion: true,
})

/** Whether a change concerns who owns whom, or who is on the way out: most do not. */
export function concernsOwnership(was: ApiObject | undefined, now: ApiObject | undefined): boolean {
  if (was === undefined || now === undefined) return true
  const [a, b] = [was.metadata, now.metadata]
  return (
    a.uid !== b.uid ||
    a.deletionTimestamp !== b.deletionTimestamp ||
    (a.ownerReferences !== b.ownerReferences &&
      JSON.stringify(a.ownerReferences) !== JSON.stringify(b.ownerReferences)) ||
    (b.deletionTimestamp !== undefined && a.finalizers?.join() !== b.finalizers?.join())
  )
}
