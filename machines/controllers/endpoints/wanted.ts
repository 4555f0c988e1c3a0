/** The Endpoints of a Service as they should be (pkg/controller/endpoint/endpoints_controller.go syncService). */
import { withTriggerTime } from '../../lib/endpoints/trigger-time.ts'
import type { Endpoints, Pod, Service } from '../../protocol/objects.ts'
import { same } from '../kit/same.ts'
import { subsetsOf, truncated } from './subsets.ts'

export const HEADLESS = 'service.kubernetes.io/headless'
const OVER_CAPACITY = 'endpoints.kubernetes.io/over-capacity'

/** @returns undefined when the current ones are as they should be. */
export function wanted(
  service: Service,
  pods: readonly Pod[],
  current: Endpoints | undefined,
  trigger: string | undefined,
): Endpoints | undefined {
  const all = subsetsOf(service, pods)
  const subsets = truncated(all)
  const labels = service.metadata.labels ?? {}
  if (current !== undefined && same(current.subsets, subsets) && same(plain(current.metadata.labels), labels))
    return undefined
  const annotations = capacity(withTriggerTime(current?.metadata.annotations, trigger), subsets !== all)
  const {
    labels: _,
    annotations: __,
    ...metadata
  } = current?.metadata ?? {
    name: service.metadata.name,
    ...(service.metadata.namespace === undefined ? {} : { namespace: service.metadata.namespace }),
  }
  const nextLabels = isHeadless(service) ? { ...labels, [HEADLESS]: '' } : plain(labels)
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      ...metadata,
      ...(Object.keys(nextLabels).length === 0 ? {} : { labels: nextLabels }),
      ...(annotations === undefined ? {} : { annotations }),
    },
    ...(subsets.length === 0 ? {} : { subsets: [...subsets] }),
  }
}

type Texts = Readonly<Record<string, string>>

/** Without the label that Services do not carry themselves. */
function plain(labels: Texts = {}): Record<string, string> {
  const { [HEADLESS]: _, ...rest } = labels
  return rest
}

function capacity(annotations: Texts | undefined, over: boolean): Record<string, string> | undefined {
  const { [OVER_CAPACITY]: _, ...rest } = annotations ?? {}
  const next = over ? { ...rest, [OVER_CAPACITY]: 'truncated' } : rest
  return Object.keys(next).length === 0 ? undefined : next
}

const isHeadless = ({ spec }: Service): boolean => spec.clusterIP === 'None' || !spec.clusterIP
