/** When a command that waits has waited long enough, and what it prints on the way (polymorphichelpers/rollout_status.go). */
import type { KubectlCommand } from '../protocol/kubectl.ts'
import type { ApiObject, Deployment } from '../protocol/objects.ts'

/** What to make of the object as it is now; `over` when there is nothing more to wait for. */
export interface Judgement {
  readonly line: string
  readonly over: 'well' | 'badly' | undefined
}

/** @param object undefined when it is not there */
export function judged(command: KubectlCommand, object: ApiObject | undefined, name: string): Judgement {
  if (command.command === 'delete') return { line: '', over: object === undefined ? 'well' : undefined }
  if (object === undefined)
    return { line: `Error from server (NotFound): deployments.apps "${name}" not found`, over: 'badly' }
  return rolledOut(object as Deployment)
}

function rolledOut({ metadata, spec, status = {} }: Deployment): Judgement {
  const waiting = (line: string): Judgement => ({ line, over: undefined })
  const { name, generation = 0 } = metadata
  if (generation > (status.observedGeneration ?? 0))
    return waiting('Waiting for deployment spec update to be observed...')
  const progressing = status.conditions?.find(({ type }) => type === 'Progressing')
  if (progressing?.reason === 'ProgressDeadlineExceeded')
    return { line: `error: deployment "${name}" exceeded its progress deadline`, over: 'badly' }
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status
  const rollout = `Waiting for deployment "${name}" rollout to finish:`
  if (spec.replicas !== undefined && updatedReplicas < spec.replicas)
    return waiting(`${rollout} ${updatedReplicas} out of ${spec.replicas} new replicas have been updated...`)
  if (replicas > updatedReplicas)
    return waiting(`${rollout} ${replicas - updatedReplicas} old replicas are pending termination...`)
  if (availableReplicas < updatedReplicas)
    return waiting(`${rollout} ${availableReplicas} of ${updatedReplicas} updated replicas are available...`)
  return { line: `deployment "${name}" successfully rolled out`, over: 'well' }
}
