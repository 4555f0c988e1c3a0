/** Rules for security contexts of pods and containers. */
import type { core } from '../../protocol/objects.ts'
import { type Found, invalid, notSupported, required } from './causes.ts'
import { inclusiveRange } from './formats.ts'
import { checkDescendingPath } from './volumes.ts'

const MOST = 2_147_483_647

function checkId(found: Found, field: string, id: number | undefined): void {
  if (id !== undefined && (id < 0 || id > MOST)) found.push(invalid(field, id, inclusiveRange(0, MOST)))
}

export function checkSecurityContext(found: Found, field: string, context: core.SecurityContext | undefined): void {
  if (context === undefined) return
  checkId(found, `${field}.runAsUser`, context.runAsUser)
  checkId(found, `${field}.runAsGroup`, context.runAsGroup)
  checkSeccomp(found, `${field}.seccompProfile`, context.seccompProfile)
}

export function checkPodSecurityContext(found: Found, field: string, spec: core.PodSpec): void {
  const context = spec.securityContext
  if (context === undefined) return
  checkId(found, `${field}.fsGroup`, context.fsGroup)
  checkId(found, `${field}.runAsUser`, context.runAsUser)
  checkId(found, `${field}.runAsGroup`, context.runAsGroup)
  for (const [i, group] of (context.supplementalGroups ?? []).entries())
    checkId(found, `${field}.supplementalGroups[${i}]`, group)
  if (spec.shareProcessNamespace === true && spec.hostPID === true) {
    const detail = 'ShareProcessNamespace and HostPID cannot both be enabled'
    found.push(invalid(`${field}.shareProcessNamespace`, true, detail))
  }
  for (const [i, { name }] of (context.sysctls ?? []).entries()) {
    if (!name) found.push(required(`${field}.sysctls[${i}].name`))
    else if (name.length > 253 || !IS_SYSCTL.test(name))
      found.push(invalid(`${field}.sysctls[${i}].name`, name, BAD_SYSCTL))
  }
  checkSeccomp(found, `${field}.seccompProfile`, context.seccompProfile)
}
const SYSCTL = '^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$'
const IS_SYSCTL = new RegExp(SYSCTL)
const BAD_SYSCTL = `must have at most 253 characters and match regex ${SYSCTL}`

const SECCOMP_TYPES = ['Localhost', 'RuntimeDefault', 'Unconfined']
function checkSeccomp(found: Found, field: string, profile: core.SeccompProfile | undefined): void {
  if (profile === undefined) return
  const { type, localhostProfile } = profile
  if (!type) found.push(required(`${field}.type`, 'type is required when seccompProfile is set'))
  else if (!SECCOMP_TYPES.includes(type)) found.push(notSupported(`${field}.type`, type, SECCOMP_TYPES))
  if (type !== 'Localhost') {
    if (localhostProfile !== undefined)
      found.push(
        invalid(`${field}.localhostProfile`, localhostProfile, 'can only be set when seccomp type is Localhost'),
      )
  } else if (localhostProfile === undefined)
    found.push(required(`${field}.localhostProfile`, 'must be set when seccomp type is Localhost'))
  else checkDescendingPath(found, `${field}.localhostProfile`, localhostProfile)
}
