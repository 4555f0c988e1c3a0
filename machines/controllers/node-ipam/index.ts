/** Ranges of pod addresses for nodes (pkg/controller/nodeipam). */
import type { Member } from '../kit/controller.ts'
import { type Listed, standing } from '../kit/listed.ts'
import { nodeIpam, type Ranges } from './node-ipam.ts'
import { nodeRange } from './node-range.ts'

export const nodeIpamMember: Member = {
  name: 'node-ipam',
  component: 'cidrAllocator',
  serviceAccount: 'node-controller',
  caches: [{ resource: 'nodes' }],
}
/** For another `--cluster-cidr` than the usual one. */
export const nodeIpamWith = (ranges: Ranges): Listed => standing(nodeIpamMember, nodeIpam(ranges), nodeRange)
export const nodeIpamController: Listed = nodeIpamWith({ range: '10.244.0.0/16', bits: 24 })
