import { expect, test } from 'vitest'
import {
  checkPodSecurityContext,
  checkSecurityContext,
} from '../../../../../machines/lib/validation/security-context.ts'
import { told } from './told.ts'

const ofPod = (securityContext: object, rest = {}) =>
  told((found) => checkPodSecurityContext(found, 's', { securityContext, ...rest } as never))
test('ids are of users and groups', () => {
  expect(told((found) => checkSecurityContext(found, 's', { runAsUser: -5, runAsGroup: 1 }))).toEqual([
    's.runAsUser: Invalid value: -5: must be between 0 and 2147483647, inclusive',
  ])
  expect(told((found) => checkSecurityContext(found, 's', undefined))).toEqual([])
  expect(ofPod({ fsGroup: -1, supplementalGroups: [1, -1] })).toHaveLength(2)
})
test('sysctls have names', () => {
  expect(ofPod({ sysctls: [{ name: 'kernel.shm_rmid_forced', value: '1' }] })).toEqual([])
  expect(ofPod({ sysctls: [{ name: '' }, { name: 'A b' }] })).toHaveLength(2)
})
test('a seccomp profile is of a type', () => {
  expect(ofPod({ seccompProfile: { type: 'Localhost' } })).toEqual([
    's.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost',
  ])
  expect(ofPod({ seccompProfile: { type: 'Localhost', localhostProfile: '/x' } })).toHaveLength(1)
  expect(ofPod({ seccompProfile: { type: 'X', localhostProfile: 'x' } })).toHaveLength(2)
  expect(ofPod({ seccompProfile: {} })).toHaveLength(1)
})
test('processes are shared within the pod or with the host', () => {
  expect(ofPod({}, { shareProcessNamespace: true, hostPID: true })).toHaveLength(1)
})
