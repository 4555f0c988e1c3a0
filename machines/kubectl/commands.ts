/** Which machine carries out a command. */
import type { KubectlCommand } from '../protocol/kubectl.ts'

export function machineFor({ command }: KubectlCommand): string {
  switch (command) {
    case 'apply':
      return 'kubectl-apply'
    case 'create':
      return 'kubectl-create'
    case 'get':
    case 'rollout history':
      return 'kubectl-get'
    case 'delete':
    case 'rollout status':
      return 'kubectl-wait'
    case 'drain':
      return 'kubectl-drain'
    default:
      return 'kubectl-change'
  }
}
