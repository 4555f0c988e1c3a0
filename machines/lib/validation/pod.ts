/** Rules for pods and pod templates (pkg/apis/core/validation: ValidatePodSpec and around it). */
import type { core, Pod } from '../../protocol/objects.ts'
import { checkIp } from './addresses.ts'
import { checkAffinity, checkSpread, checkTolerations } from './affinity.ts'
import { complain, duplicate, type Found, forbidden, invalid, notSupported, oneOf, required } from './causes.ts'
import { checkContainers, checkImages, checkInitContainers } from './containers.ts'
import { dns1123Label, dns1123Subdomain, inclusiveRange, qualifiedName } from './formats.ts'
import { checkAnnotations, checkLabels } from './labels.ts'
import { checkPodSecurityContext } from './security-context.ts'
import { checkVolumes } from './volumes.ts'

const LONGEST = 2_147_483_647
const DNS_POLICIES = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']
const RESTART_POLICIES = ['Always', 'OnFailure', 'Never']

/** ValidatePodCreate, behind the metadata. */
export function checkPod(found: Found, pod: Pod): void {
  checkPodAndMetadata(found, pod)
  const { spec } = pod as { spec: core.PodSpec & { schedulingGates?: readonly unknown[] } }
  if ((spec?.ephemeralContainers ?? []).length > 0)
    found.push(forbidden('spec.ephemeralContainers', 'cannot be set on create'))
  if (spec?.nodeName && (spec.schedulingGates ?? []).length > 0) {
    found.push(forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'))
  }
}

/** validatePodMetadataAndSpec, behind the metadata. */
export function checkPodAndMetadata(found: Found, { metadata, spec }: Pod): void {
  checkPodAnnotations(found, 'metadata.annotations', metadata.annotations, spec)
  checkPodSpec(found, 'spec', spec)
  checkImages(found, 'spec.containers', spec?.containers)
  checkImages(found, 'spec.initContainers', spec?.initContainers)
}

const MIRROR = 'kubernetes.io/config.mirror'
const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost'
export function checkPodAnnotations(
  found: Found,
  field: string,
  annotations: Readonly<Record<string, string>> | undefined,
  spec: core.PodSpec | undefined,
): void {
  if (annotations === undefined) return
  const mirror = annotations[MIRROR]
  if (mirror !== undefined && !spec?.nodeName) {
    found.push(invalid(`${field}[${MIRROR}]`, mirror, 'must set spec.nodeName if mirror pod annotation is set'))
  }
  const cost = annotations[DELETION_COST]
  if (cost !== undefined && !isCost(cost))
    found.push(invalid(`${field}[${DELETION_COST}]`, cost, 'must be a 32bit integer'))
}
const isCost = (cost: string): boolean =>
  /^(0|-?[1-9]\d{0,9})$/.test(cost) && Number(cost) >= -LONGEST - 1 && Number(cost) <= LONGEST

/** Specs that are known to be sound: they are frozen, and looked at again at each update of the object. */
const sound = new WeakSet<object>()

export function checkPodSpec(found: Found, field: string, spec: core.PodSpec | undefined): void {
  if (spec !== undefined && sound.has(spec)) return
  const before = found.length
  checkSpec(found, field, spec ?? ({} as core.PodSpec))
  if (spec !== undefined && found.length === before) sound.add(spec)
}

function checkSpec(found: Found, field: string, spec: core.PodSpec): void {
  if (spec.terminationGracePeriodSeconds === undefined) found.push(required(`${field}.terminationGracePeriodSeconds`))
  const volumes = checkVolumes(found, `${field}.volumes`, spec.volumes)
  checkContainers(found, `${field}.containers`, spec, volumes)
  checkInitContainers(found, `${field}.initContainers`, spec, volumes)
  checkHostNetwork(found, field, spec)
  oneOf(found, `${field}.restartPolicy`, spec.restartPolicy, RESTART_POLICIES)
  oneOf(found, `${field}.dnsPolicy`, spec.dnsPolicy, DNS_POLICIES)
  checkLabels(found, `${field}.nodeSelector`, spec.nodeSelector)
  checkPodSecurityContext(found, `${field}.securityContext`, spec)
  checkAffinity(found, `${field}.affinity`, spec.affinity)
  checkDns(found, `${field}.dnsConfig`, spec)
  checkGates(found, field, spec)
  checkSpread(found, `${field}.topologySpreadConstraints`, spec.topologySpreadConstraints)
  checkNames(found, field, spec)
  checkTolerations(found, `${field}.tolerations`, spec.tolerations)
  checkHostAliases(found, `${field}.hostAliases`, spec.hostAliases)
  checkClasses(found, field, spec)
}

function checkHostNetwork(found: Found, field: string, { hostNetwork, containers }: core.PodSpec): void {
  if (hostNetwork !== true) return
  for (const [i, { ports = [] }] of (containers ?? []).entries()) {
    for (const [j, { hostPort = 0, containerPort }] of ports.entries()) {
      if (hostPort === 0 || hostPort === containerPort) continue
      const at = `${field}.containers[${i}].ports[${j}].hostPort`
      found.push(invalid(at, hostPort, 'must match `containerPort` when `hostNetwork` is true'))
    }
  }
}

function checkDns(found: Found, field: string, { dnsPolicy, dnsConfig }: core.PodSpec): void {
  const nameservers = dnsConfig?.nameservers ?? []
  if (dnsPolicy === 'None' && dnsConfig === undefined) {
    found.push(required(field, 'must provide `dnsConfig` when `dnsPolicy` is None'))
  } else if (dnsPolicy === 'None' && nameservers.length === 0) {
    found.push(required(`${field}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None'))
  }
  for (const [i, nameserver] of nameservers.entries()) checkIp(found, `${field}.nameservers[${i}]`, nameserver)
  for (const [i, search] of (dnsConfig?.searches ?? []).entries()) {
    const name = search.replace(/\.$/, '')
    complain(found, `${field}.searches[${i}]`, name, dns1123Subdomain(name))
  }
  for (const [i, { name }] of (dnsConfig?.options ?? []).entries()) {
    if (!name) found.push(required(`${field}.options[${i}]`, 'must not be empty'))
  }
}

function checkGates(found: Found, field: string, spec: core.PodSpec): void {
  for (const [i, { conditionType }] of (spec.readinessGates ?? []).entries()) {
    complain(found, `${field}.readinessGates[${i}].conditionType`, conditionType, qualifiedName(conditionType))
  }
  const seen = new Set<string>()
  const gates = (spec as { schedulingGates?: readonly { readonly name: string }[] }).schedulingGates ?? []
  for (const [i, { name }] of gates.entries()) {
    complain(found, `${field}.schedulingGates[${i}]`, name, qualifiedName(name))
    if (seen.has(name)) found.push(duplicate(`${field}.schedulingGates[${i}]`, name))
    seen.add(name)
  }
}

function checkNames(found: Found, field: string, spec: core.PodSpec): void {
  const { serviceAccountName, nodeName, activeDeadlineSeconds, hostname, subdomain } = spec
  if (serviceAccountName)
    complain(found, `${field}.serviceAccountName`, serviceAccountName, dns1123Subdomain(serviceAccountName))
  if (nodeName) complain(found, `${field}.nodeName`, nodeName, dns1123Subdomain(nodeName))
  if (activeDeadlineSeconds !== undefined && (activeDeadlineSeconds < 1 || activeDeadlineSeconds > LONGEST)) {
    found.push(invalid(`${field}.activeDeadlineSeconds`, activeDeadlineSeconds, inclusiveRange(1, LONGEST)))
  }
  if (hostname) complain(found, `${field}.hostname`, hostname, dns1123Label(hostname))
  if (subdomain) complain(found, `${field}.subdomain`, subdomain, dns1123Label(subdomain))
}

function checkHostAliases(found: Found, field: string, aliases: readonly core.HostAlias[] | undefined): void {
  for (const [i, { ip = '', hostnames = [] }] of (aliases ?? []).entries()) {
    checkIp(found, `${field}[${i}].ip`, ip)
    for (const [j, hostname] of hostnames.entries()) {
      complain(found, `${field}[${i}].hostnames[${j}]`, hostname, dns1123Subdomain(hostname))
    }
  }
}

function checkClasses(found: Found, field: string, spec: core.PodSpec): void {
  const { priorityClassName, runtimeClassName, preemptionPolicy } = spec
  if (priorityClassName)
    complain(found, `${field}.priorityClassName`, priorityClassName, dns1123Subdomain(priorityClassName))
  if (runtimeClassName !== undefined)
    complain(found, `${field}.runtimeClassName`, runtimeClassName, dns1123Subdomain(runtimeClassName))
  if (preemptionPolicy !== undefined)
    oneOf(found, `${field}.preemptionPolicy`, preemptionPolicy, ['PreemptLowerPriority', 'Never'])
  const os = (spec as { os?: { readonly name: string } }).os
  if (os === undefined) return
  if (!os.name) found.push(required(`${field}.os.name`, 'cannot be empty'))
  else if (os.name !== 'linux' && os.name !== 'windows')
    found.push(notSupported(`${field}.os`, os.name, ['linux', 'windows']))
}

/** ValidatePodTemplateSpec */
export function checkTemplate(found: Found, field: string, template: core.PodTemplateSpec | undefined): void {
  checkLabels(found, `${field}.labels`, template?.metadata?.labels)
  checkAnnotations(found, `${field}.annotations`, template?.metadata?.annotations)
  checkPodAnnotations(found, `${field}.annotations`, template?.metadata?.annotations, template?.spec)
  checkPodSpec(found, `${field}.spec`, template?.spec)
  if ((template?.spec?.ephemeralContainers ?? []).length > 0) {
    found.push(forbidden(`${field}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template'))
  }
}
