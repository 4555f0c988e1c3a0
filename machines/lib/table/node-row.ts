/** The row of a node (printNode). */
import type { Node } from '../../protocol/objects.ts'
import { age } from './age.ts'
import type { Cell } from './rows.ts'

export function nodeCells(node: Node, now: number): readonly Cell[] {
  const { metadata, status } = node
  const { kubeletVersion = '', osImage, kernelVersion, containerRuntimeVersion } = status?.nodeInfo ?? {}
  return [
    metadata.name,
    statusOf(node),
    rolesOf(metadata.labels ?? {}),
    age(metadata.creationTimestamp, now),
    kubeletVersion,
    addressOf(node, 'InternalIP'),
    addressOf(node, 'ExternalIP'),
    osImage || '<unknown>',
    kernelVersion || '<unknown>',
    containerRuntimeVersion || '<unknown>',
  ]
}

function statusOf({ spec, status }: Node): string {
  const ready = status?.conditions?.findLast(({ type }) => type === 'Ready')
  const text = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady'
  return spec?.unschedulable === true ? `${text},SchedulingDisabled` : text
}

const ROLE_PREFIX = 'node-role.kubernetes.io/'
function rolesOf(labels: Readonly<Record<string, string>>): string {
  const roles = new Set<string>()
  for (const [key, value] of Object.entries(labels)) {
    if (key.startsWith(ROLE_PREFIX) && key.length > ROLE_PREFIX.length) roles.add(key.slice(ROLE_PREFIX.length))
    else if (key === 'kubernetes.io/role' && value !== '') roles.add(value)
  }
  return roles.size === 0 ? '<none>' : [...roles].sort().join(',')
}

const addressOf = ({ status }: Node, wanted: string): string =>
  status?.addresses?.find(({ type }) => type === wanted)?.address ?? '<none>'
