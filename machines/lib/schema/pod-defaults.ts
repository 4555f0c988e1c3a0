/** Defaults of pods that are no template's: requests from limits, host ports (pkg/apis/core/v1 SetDefaults_Pod). */

import { joined } from '../joined.ts'

type Json = Readonly<Record<string, unknown>>

export function podDefaults(object: Json): Json {
  const spec = (object.spec ?? {}) as Json
  const containers = listed(spec.containers, spec.hostNetwork === true)
  const initContainers = listed(spec.initContainers, spec.hostNetwork === true)
  const enableServiceLinks = spec.enableServiceLinks ?? true
  if (
    containers === spec.containers &&
    initContainers === spec.initContainers &&
    enableServiceLinks === spec.enableServiceLinks
  ) {
    return object
  }
  return {
    ...object,
    spec: {
      ...spec,
      ...(containers === undefined ? {} : { containers }),
      ...(initContainers === undefined ? {} : { initContainers }),
      enableServiceLinks,
    },
  }
}

function listed(containers: unknown, hostNetwork: boolean): unknown {
  if (!Array.isArray(containers)) return containers
  const made = containers.map((container: Json) => hostPorts(requestsFromLimits(container), hostNetwork))
  return made.every((container, i) => container === containers[i]) ? containers : made
}

/** A limit without a request is a request of the same amount. */
function requestsFromLimits(container: Json): Json {
  const { limits, requests } = (container.resources ?? {}) as { limits?: Json; requests?: Json }
  if (limits === undefined || Object.keys(limits).every((name) => requests?.[name] !== undefined)) return container
  return { ...container, resources: { ...(container.resources as Json), requests: { ...limits, ...requests } } }
}

function hostPorts(container: Json, hostNetwork: boolean): Json {
  const ports = container.ports as readonly { containerPort: number; hostPort?: number }[] | undefined
  if (!hostNetwork || ports === undefined || ports.every(({ hostPort }) => hostPort !== undefined)) return container
  return { ...container, ports: ports.map((port) => ({ hostPort: port.containerPort, ...port })) }
}

/**
 * The single address and the list say the same; the single one decides (Convert_v1_PodStatus_To_core_PodStatus). Of the
 * host's addresses nothing is made up.
 */
export function podStatusDefaults(status: Json): Json {
  const { podIP, podIPs } = status as { readonly podIP?: string; readonly podIPs?: readonly { readonly ip?: string }[] }
  return podIP === undefined || podIPs?.[0]?.ip === podIP ? status : joined(status, { podIPs: [{ ip: podIP }] })
}

/** `Always` for the tag `latest`, also when nothing is said; a digest without a tag, or no image name at all, is not. */
export function pullPolicyFor(image: unknown): 'Always' | 'IfNotPresent' {
  const parts = typeof image === 'string' ? REFERENCE.exec(image) : null
  if (parts === null) return 'IfNotPresent'
  const [, tag, digest] = parts
  return tag === 'latest' || (tag === undefined && digest === undefined) ? 'Always' : 'IfNotPresent'
}
/** The grammar of github.com/distribution/reference: [domain[:port]/]path[:tag][@digest]. */
const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'
const DOMAIN = '(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::[0-9]+)?/)?'
const REFERENCE = new RegExp(
  `^${DOMAIN}${COMPONENT}(?:/${COMPONENT})*(?::([\\w][\\w.-]{0,127}))?(@[A-Za-z][\\w+.-]*:[0-9a-fA-F]{32,})?$`,
)
