/** Pods that are left behind (pkg/controller/podgc). */
import type { Member } from '../kit/controller.ts'
import { type Listed, standing } from '../kit/listed.ts'
import { podGc } from './pod-gc.ts'

export const podGcMember: Member = {
  name: 'pod-garbage-collector',
  serviceAccount: 'pod-garbage-collector',
  caches: [{ resource: 'pods', indexes: ['node'] }, { resource: 'nodes' }],
}
export const podGcController: Listed = standing(podGcMember, podGc)
