/** What the runtime is told of a sandbox and of a container (kuberuntime_sandbox.go, kuberuntime_container.go). */
import { joined } from '../../lib/joined.ts'
import type { ContainerConfig, Image, Mount, PodSandboxConfig } from '../../protocol/cri.ts'
import type { core, Pod } from '../../protocol/objects.ts'
import { type Addresses, environmentOf, expanded, fieldOf, resourceOf } from './environment.ts'
import { filesOf, type Objects } from './references.ts'

/** `web_default(<uid>)`, as messages name a pod (format.Pod). */
export const podText = ({ metadata }: Pod): string => `${metadata.name}_${metadata.namespace}(${metadata.uid})`

export function sandboxConfig({ metadata, spec }: Pod, attempt: number): PodSandboxConfig {
  const { name, namespace = '', uid = '', labels = {}, annotations = {} } = metadata
  return {
    metadata: { name, namespace, uid, attempt },
    hostname: spec.hostname ?? name,
    labels: { ...labels, ...podLabels(name, namespace, uid) },
    annotations,
    hostNetwork: spec.hostNetwork === true,
    runtimeHandler: spec.runtimeClassName ?? '',
    portMappings: spec.containers.flatMap(({ ports = [] }) =>
      ports.map(({ protocol = 'TCP', containerPort, hostPort = 0, hostIP = '' }) => ({
        protocol: protocol as 'TCP',
        containerPort,
        hostPort,
        hostIp: hostIP,
      })),
    ),
  }
}
const podLabels = (name: string, namespace: string, uid: string) => ({
  'io.kubernetes.pod.name': name,
  'io.kubernetes.pod.namespace': namespace,
  'io.kubernetes.pod.uid': uid,
})

/** Why the container's image may not run as this pod demands; undefined when it may (verifyRunAsNonRoot). */
export function rootComplaint(pod: Pod, container: core.Container, image: Image): string | undefined {
  const context = { ...pod.spec.securityContext, ...container.securityContext }
  if (context.runAsNonRoot !== true) return undefined
  const where = `(pod: "${podText(pod)}", container: ${container.name})`
  if (context.runAsUser !== undefined) {
    return context.runAsUser === 0 ? `container's runAsUser breaks non-root policy ${where}` : undefined
  }
  const { user = '0' } = image
  if (!/^\d+$/.test(user)) {
    return `container has runAsNonRoot and image has non-numeric user (${user}), cannot verify user is non-root ${where}`
  }
  return Number(user) === 0 ? `container has runAsNonRoot and image will run as root ${where}` : undefined
}

/** The configuration, or why there is none (CreateContainerConfigError). */
export function containerConfig(
  pod: Pod,
  container: core.Container,
  attempt: number,
  objects: Objects,
  addresses: Addresses,
): { readonly config: ContainerConfig } | { readonly error: string } {
  const environment = environmentOf(pod, container, objects, addresses)
  if ('error' in environment) return environment
  const known = Object.fromEntries(environment.variables.map(({ key, value }) => [key, value]))
  const { name: podName, namespace = '', uid = '', annotations = {} } = pod.metadata
  const { command, args, workingDir, stdin, tty } = container
  const user = container.securityContext?.runAsUser ?? pod.spec.securityContext?.runAsUser
  const config: ContainerConfig = {
    metadata: { name: container.name, attempt },
    image: container.image ?? '',
    ...(command === undefined ? {} : { command: command.map((text) => expanded(text, known)) }),
    ...(args === undefined ? {} : { args: args.map((text) => expanded(text, known)) }),
    ...(workingDir === undefined ? {} : { workingDir }),
    envs: environment.variables,
    mounts: mountsOf(pod, container, objects, addresses, known),
    ports: portsOf(container),
    resources: { limits: container.resources?.limits ?? {}, requests: container.resources?.requests ?? {} },
    labels: joined(podLabels(podName, namespace, uid), { 'io.kubernetes.container.name': container.name }),
    annotations,
    ...(user === undefined ? {} : { runAsUser: user }),
    terminationMessagePath: container.terminationMessagePath ?? '/dev/termination-log',
    ...(stdin === undefined ? {} : { stdin }),
    ...(tty === undefined ? {} : { tty }),
  }
  return { config }
}

const portsOf = ({ ports = [] }: core.Container): ContainerConfig['ports'] =>
  ports.map(({ containerPort, protocol, name }) => ({
    containerPort,
    ...(protocol === undefined ? {} : { protocol }),
    ...(name === undefined ? {} : { name }),
  }))

export function mountsOf(
  pod: Pod,
  container: core.Container,
  objects: Objects,
  addresses: Addresses,
  variables: Readonly<Record<string, string>>,
): Mount[] {
  return (container.volumeMounts ?? []).map(({ name, mountPath, subPath, subPathExpr, readOnly = false }) => {
    const volume = (pod.spec.volumes ?? []).find((each) => each.name === name)
    const path = subPathExpr === undefined ? subPath : expanded(subPathExpr, variables)
    const files = volume === undefined ? undefined : knownFiles(pod, container, volume, objects, addresses)
    return {
      volume: name,
      containerPath: mountPath,
      readonly: readOnly,
      ...(path === undefined || path === '' ? {} : { subPath: path }),
      ...(files === undefined ? {} : { files }),
    }
  })
}

/** Undefined when the volume holds what containers write: emptyDir, hostPath, a claim. */
function knownFiles(
  pod: Pod,
  container: core.Container,
  volume: core.Volume,
  objects: Objects,
  addresses: Addresses,
): Readonly<Record<string, string>> | undefined {
  const { configMap, secret, downwardAPI, projected } = volume
  if (configMap === undefined && secret === undefined && downwardAPI === undefined && projected === undefined) {
    return undefined
  }
  const read = filesOf(volume, objects)
  const items = [
    ...(downwardAPI?.items ?? []),
    ...(projected?.sources ?? []).flatMap((source) => source.downwardAPI?.items ?? []),
  ]
  const told = items.map(({ path, fieldRef, resourceFieldRef }) => [
    path,
    resourceFieldRef === undefined
      ? downwardText(pod, fieldRef?.fieldPath ?? '', addresses)
      : resourceOf(pod, container, resourceFieldRef, addresses),
  ])
  return { ...('files' in read ? read.files : {}), ...Object.fromEntries(told) }
}

/** In a volume all labels or annotations are one file: `key="value"` per line, by key. */
function downwardText(pod: Pod, path: string, addresses: Addresses): string {
  const all = path === 'metadata.labels' ? pod.metadata.labels : pod.metadata.annotations
  if (path !== 'metadata.labels' && path !== 'metadata.annotations') return fieldOf(pod, path, addresses)
  const keys = Object.keys(all ?? {}).sort()
  return keys.map((key) => `${key}=${JSON.stringify(all?.[key])}`).join('\n')
}
