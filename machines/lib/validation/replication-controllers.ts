/** Rules for ReplicationControllers (pkg/apis/core/validation: ValidateReplicationControllerSpec). */
import type { ApiObject, core } from '../../protocol/objects.ts'
import { labelsMatch } from '../selector.ts'
import { type Found, invalid, nonNegatives, required } from './causes.ts'
import { checkRunsForEver } from './daemon-sets.ts'
import { shownMap } from './go-values.ts'
import { checkTemplate } from './pod.ts'

export interface ReplicationController extends ApiObject {
  readonly spec?: {
    readonly selector?: Readonly<Record<string, string>>
    readonly template?: core.PodTemplateSpec
  }
}

export function checkReplicationController(found: Found, { spec = {} }: ReplicationController): void {
  const { selector = {}, template } = spec
  nonNegatives(found, 'spec', spec, ['minReadySeconds'])
  const isEmpty = Object.keys(selector).length === 0
  if (isEmpty) found.push(required('spec.selector'))
  nonNegatives(found, 'spec', spec, ['replicas'])
  if (template === undefined) {
    found.push(required('spec.template'))
    return
  }
  const labels = template.metadata?.labels
  if (!isEmpty && !labelsMatch({ matchLabels: selector }, labels)) {
    const detail = '`selector` does not match template `labels`'
    found.push(invalid('spec.template.metadata.labels', shownMap(labels), detail))
  }
  checkTemplate(found, 'spec.template', template)
  checkRunsForEver(found, template, 'ReplicationController')
}
