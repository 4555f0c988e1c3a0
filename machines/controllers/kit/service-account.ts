/** Whom the API server sees when a controller asks: its own ServiceAccount (`--use-service-account-credentials`). */
import type { User } from '../../protocol/api.ts'

export const serviceAccount = (name: string): User => ({
  name: `system:serviceaccount:kube-system:${name}`,
  groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system', 'system:authenticated'],
})
