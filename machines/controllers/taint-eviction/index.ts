/** Evictions because of taints (pkg/controller/tainteviction). */
import type { Member } from '../kit/controller.ts'
import { type Listed, standing } from '../kit/listed.ts'
import { podEviction } from './pod-eviction.ts'
import { taintEviction } from './taint-eviction.ts'

export const taintEvictionMember: Member = {
  name: 'taint-eviction',
  serviceAccount: 'node-controller',
  caches: [{ resource: 'nodes' }, { resource: 'pods', indexes: ['node'] }],
}
export const taintEvictionController: Listed = standing(taintEvictionMember, taintEviction, podEviction)
