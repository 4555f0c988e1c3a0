/** Defaults of Services (pkg/apis/core/v1 SetDefaults_Service). */
type Json = Readonly<Record<string, unknown>>

const CLIENT_IP_SECONDS = 10_800
const HAS_TRAFFIC: readonly unknown[] = ['ClusterIP', 'NodePort', 'LoadBalancer']

export function serviceDefaults(spec: Json): Json {
  const type = spec.type ?? 'ClusterIP'
  const { sessionAffinityConfig, ports, ...rest } = spec
  const external = type === 'NodePort' || type === 'LoadBalancer' || (type === 'ClusterIP' && some(spec.externalIPs))
  return {
    ...rest,
    ...(ports === undefined ? {} : { ports: portsOf(ports) }),
    type,
    ...affinity(spec, sessionAffinityConfig as Json | undefined),
    ...(external && spec.externalTrafficPolicy === undefined ? { externalTrafficPolicy: 'Cluster' } : {}),
    ...(spec.internalTrafficPolicy === undefined && HAS_TRAFFIC.includes(type)
      ? { internalTrafficPolicy: 'Cluster' }
      : {}),
    ...(type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts === undefined
      ? { allocateLoadBalancerNodePorts: true }
      : {}),
  }
}

const some = (list: unknown): boolean => Array.isArray(list) && list.length > 0

function portsOf(ports: unknown): unknown {
  if (!Array.isArray(ports)) return ports
  return ports.map((port: Json) => {
    const { targetPort } = port
    const own = targetPort === undefined || targetPort === 0 || targetPort === ''
    return { protocol: 'TCP', ...port, targetPort: own ? (port.port ?? 0) : targetPort }
  })
}

function affinity({ sessionAffinity = 'None' }: Json, config: Json | undefined): Json {
  if (sessionAffinity === 'None') return { sessionAffinity }
  if (sessionAffinity !== 'ClientIP')
    return { sessionAffinity, ...(config === undefined ? {} : { sessionAffinityConfig: config }) }
  const timeoutSeconds = (config?.clientIP as Json | undefined)?.timeoutSeconds ?? CLIENT_IP_SECONDS
  return { sessionAffinity, sessionAffinityConfig: { clientIP: { timeoutSeconds } } }
}

/** An ingress address without a mode is a virtual IP. */
export function serviceStatusDefaults(status: Json): Json {
  const loadBalancer = status.loadBalancer as { ingress?: readonly Json[] } | undefined
  const ingress = loadBalancer?.ingress
  if (ingress === undefined || ingress.every((each) => each.ip === undefined || each.ipMode !== undefined))
    return status
  const made = ingress.map((each) => (each.ip === undefined ? each : { ipMode: 'VIP', ...each }))
  return { ...status, loadBalancer: { ...loadBalancer, ingress: made } }
}
