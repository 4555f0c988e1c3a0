/** The Node that `kwokctl scale node` makes (kustomize/kwokctl/resource/node.yaml). */
import { formatCidr, parseCidr, subnet } from '../lib/ip.ts'
import type { Node } from '../protocol/objects.ts'

export type Resources = Readonly<Record<string, string>>
/** What belongs to one `kwokctl scale` has its name in this label. */
export const SCALE_LABEL = 'kwok.x-k8s.io/kwokctl-scale'

/** `--param .podCIDR`: each node has the next range. */
const FIRST_RANGE = '10.0.0.0/24'
const ALL_RANGES = { base: 0x0a00_0000, bits: 8, size: 2 ** 24 }

/** `--serial-length 1` */
export const fakeNodeName = (name: string, index: number): string => `${name}-${index}`

export function fakeNode(scale: string, index: number, capacity: Resources): Node {
  const name = fakeNodeName(scale, index)
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations: {
        'kwok.x-k8s.io/node': 'fake',
        'node.alpha.kubernetes.io/ttl': '0',
        'metrics.k8s.io/resource-metrics-path': `/metrics/nodes/${name}/metrics/resource`,
      },
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/role': 'agent',
        'node-role.kubernetes.io/agent': '',
        type: 'kwok',
        [SCALE_LABEL]: scale,
      },
    },
    spec: { podCIDR: rangeOf(index) },
    status: {
      allocatable: { ...capacity },
      capacity: { ...capacity },
      nodeInfo: { architecture: 'amd64', operatingSystem: 'linux' } as NonNullable<Node['status']>['nodeInfo'] & object,
    },
  }
}

function rangeOf(index: number): string {
  const range = subnet(ALL_RANGES, parseCidr(FIRST_RANGE)?.bits ?? 24, index)
  if (range === undefined) throw new Error(`there is no range of pod addresses for a ${index + 1}th node`)
  return formatCidr(range)
}
