/** A Job selects its pods by its own uid: pkg/registry/batch/job, generateSelector. */
import type { ApiObject } from '../../protocol/objects.ts'
import { same } from '../frozen.ts'
import type { Strategy } from './strategy.ts'

interface Job extends ApiObject {
  readonly spec?: {
    readonly manualSelector?: boolean
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> }
    readonly template?: { readonly metadata?: { readonly labels?: Readonly<Record<string, string>> } }
  }
}

const UID_LABEL = 'batch.kubernetes.io/controller-uid'

export const jobStrategy: Partial<Strategy> = {
  prepareForCreate(object) {
    const job = object as Job
    const withStatus = { ...job, status: {} } as Job
    return job.spec?.manualSelector === true ? withStatus : selecting(withStatus)
  },
}

function selecting(job: Job): ApiObject {
  const { metadata, spec } = job
  const uid = metadata.uid ?? ''
  const own = {
    'batch.kubernetes.io/job-name': metadata.name,
    'job-name': metadata.name,
    [UID_LABEL]: uid,
    'controller-uid': uid,
  }
  // What the user gave stays; validation says what is wrong with it.
  const labels = { ...own, ...spec?.template?.metadata?.labels }
  const { labels: given = {} } = metadata
  // Defaulting gives a Job without labels those of its template: the very same map, which then gets these too.
  const shared = Object.keys(given).length === 0 || same(given, spec?.template?.metadata?.labels ?? {})
  return {
    ...job,
    metadata: shared ? { ...metadata, labels } : metadata,
    spec: {
      ...spec,
      selector: { ...spec?.selector, matchLabels: { ...spec?.selector?.matchLabels, [UID_LABEL]: uid } },
      template: { ...spec?.template, metadata: { ...spec?.template?.metadata, labels } },
    },
  } as ApiObject
}
