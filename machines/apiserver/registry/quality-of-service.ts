/** Guaranteed, Burstable or BestEffort: component-helpers qos.ComputePodQOS, from cpu and memory of all containers. */
import type { core, Pod } from '../../protocol/objects.ts'

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort'

export function qosClass({ spec }: Pod): QosClass {
  const containers = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])]
  const asks = containers.some(({ resources }) =>
    COMPUTE.some((name) => has(resources?.requests, name) || has(resources?.limits, name)),
  )
  if (!asks) return 'BestEffort'
  return containers.every(isGuaranteed) ? 'Guaranteed' : 'Burstable'
}
const COMPUTE = ['cpu', 'memory']

/** Zero counts as nothing asked. */
const has = (quantities: Quantities, name: string): boolean =>
  !/^0+([.]0*)?[A-Za-z]*$/.test(String(quantities?.[name] ?? '0'))
type Quantities = Readonly<Record<string, unknown>> | undefined

const isGuaranteed = ({ resources }: core.Container): boolean =>
  COMPUTE.every((name) => {
    const limits = resources?.limits as Quantities
    const requests = (resources?.requests ?? limits) as Quantities
    return has(limits, name) && String(requests?.[name] ?? limits?.[name]) === String(limits?.[name])
  })
