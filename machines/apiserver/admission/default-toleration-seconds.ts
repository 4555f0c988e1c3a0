/** A pod stays five minutes on a node that is not ready or not reachable, unless it says otherwise. */
import { joined } from '../../lib/joined.ts'
import type { core, Pod } from '../../protocol/objects.ts'
import type { Plugin } from './plugin.ts'

const SECONDS = 300
const TAINTS = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']

export const defaultTolerationSeconds: Plugin = ({ request, facts }, object) => {
  const touches = request.verb === 'create' || request.verb === 'update' || request.verb === 'patch'
  return facts.name === 'pods' &&
    request.subresource === undefined &&
    touches &&
    (object as Partial<Pod>).spec !== undefined
    ? withTolerations(object as Pod)
    : object
}

const added = (key: string): core.Toleration =>
  Object.freeze({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: SECONDS })
/** What nearly every pod is given: one list for all of them. */
const BOTH: readonly core.Toleration[] = Object.freeze(TAINTS.map(added))

function withTolerations(pod: Pod): Pod {
  const present = pod.spec.tolerations ?? []
  const missing = TAINTS.filter((key) => !present.some((toleration) => tolerates(toleration, key)))
  if (missing.length === 0) return pod
  const tolerations =
    present.length === 0 && missing.length === TAINTS.length ? BOTH : [...present, ...missing.map(added)]
  return joined(pod, { spec: joined(pod.spec, { tolerations: tolerations as core.Toleration[] }) })
}

const tolerates = ({ key, effect }: core.Toleration, taint: string): boolean =>
  (key === taint || key === undefined || key === '') &&
  (effect === 'NoExecute' || effect === undefined || effect === '')
