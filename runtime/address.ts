/** How actors name each other: by role and host. */

/**
 * Names a role for ever: `role/host`, or `role/host/path` for what lives inside it
 * (`kubelet/node-1`, `deployment-controller/cp-1/default/web`). The second part is the host.
 */
export type Address = string

/** The host in an address: its second part. */
export function hostOf(address: Address): string {
  const from = address.indexOf('/') + 1
  const to = address.indexOf('/', from)
  return to < 0 ? address.slice(from) : address.slice(from, to)
}
