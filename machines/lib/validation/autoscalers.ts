/** Rules for HorizontalPodAutoscalers (pkg/apis/autoscaling/validation): bounds, targets, resource metrics, behaviour. */
import type { ApiObject } from '../../protocol/objects.ts'
import { complain, type Found, forbidden, invalid, nonNegatives, notSupported, required } from './causes.ts'
import { pathSegment } from './formats.ts'

interface Target {
  readonly type?: string
  readonly value?: string
  readonly averageValue?: string
  readonly averageUtilization?: number
}
interface Resource {
  readonly name?: string
  readonly target?: Target
}
interface Metric {
  readonly type?: string
  readonly resource?: Resource
  readonly containerResource?: Resource & { readonly container?: string }
}
interface Scaling {
  readonly stabilizationWindowSeconds?: number
  readonly selectPolicy?: string
  readonly policies?: readonly { readonly type?: string; readonly value?: number; readonly periodSeconds?: number }[]
}
export interface HorizontalPodAutoscaler extends ApiObject {
  readonly spec?: {
    readonly minReplicas?: number
    readonly maxReplicas?: number
    readonly scaleTargetRef?: { readonly kind?: string; readonly name?: string }
    readonly metrics?: readonly Metric[]
    readonly behavior?: { readonly scaleUp?: Scaling; readonly scaleDown?: Scaling }
  }
}

export function checkAutoscaler(found: Found, { spec = {} }: HorizontalPodAutoscaler): void {
  const { minReplicas: least, maxReplicas: most = 0, metrics = [], behavior } = spec
  if (least !== undefined && least < 1)
    found.push(invalid('spec.minReplicas', least, 'must be greater than or equal to 1'))
  if (most < 1) found.push(invalid('spec.maxReplicas', most, 'must be greater than 0'))
  if (least !== undefined && most < least)
    found.push(invalid('spec.maxReplicas', most, 'must be greater than or equal to `minReplicas`'))
  for (const part of ['kind', 'name'] as const) {
    const value = spec.scaleTargetRef?.[part] ?? ''
    if (value === '') found.push(required(`spec.scaleTargetRef.${part}`))
    else complain(found, `spec.scaleTargetRef.${part}`, value, pathSegment(value))
  }
  for (const [i, metric] of metrics.entries()) checkMetric(found, `spec.metrics[${i}]`, metric)
  if (least === 0 && !metrics.some(({ type }) => type === 'Object' || type === 'External')) {
    const detail = 'must specify at least one Object or External metric to support scaling to zero replicas'
    found.push(forbidden('spec.metrics', detail))
  }
  for (const way of ['scaleUp', 'scaleDown'] as const) checkScaling(found, `spec.behavior.${way}`, behavior?.[way])
}

export const checkAutoscalerStatus = (
  found: Found,
  { status = {} }: { readonly status?: Readonly<Record<string, unknown>> },
): void => nonNegatives(found, 'status', status, ['currentReplicas', 'desiredReplicas'])

const METRICS: Readonly<Record<string, string>> = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
}

function checkMetric(found: Found, field: string, metric: Metric): void {
  const { type = '', resource, containerResource } = metric
  if (type === '') found.push(required(`${field}.type`, 'must specify a metric source type'))
  else if (METRICS[type] === undefined) found.push(notSupported(`${field}.type`, type, Object.keys(METRICS)))
  if (containerResource !== undefined) {
    if (!containerResource.container)
      found.push(required(`${field}.containerResource.container`, 'must specify a container'))
    checkResource(found, `${field}.containerResource`, containerResource)
  }
  if (resource !== undefined) checkResource(found, `${field}.resource`, resource)
  const given = Object.keys(metric).filter((name) => Object.values(METRICS).includes(name))
  const wanted = METRICS[type]
  if (wanted !== undefined && !given.includes(wanted))
    found.push(required(`${field}.${wanted}`, 'must populate information for the given metric source'))
  if (given.length < 2) return
  for (const name of given.filter((each) => each !== wanted))
    found.push(forbidden(`${field}.${name}`, 'must populate the given metric source only'))
}

const TARGETS = ['Utilization', 'Value', 'AverageValue']

function checkResource(found: Found, field: string, { name = '', target = {} }: Resource): void {
  if (name === '') found.push(required(`${field}.name`, 'must specify a resource name'))
  const at = `${field}.target`
  const { type = '', averageUtilization, averageValue } = target
  if (type === '') found.push(required(`${at}.type`, 'must specify a metric target type'))
  else if (!TARGETS.includes(type))
    found.push(invalid(`${at}.type`, type, 'must be either Utilization, Value, or AverageValue'))
  if (averageUtilization !== undefined && averageUtilization < 1)
    found.push(invalid(`${at}.averageUtilization`, averageUtilization, 'must be greater than 0'))
  if (averageUtilization === undefined && averageValue === undefined)
    found.push(required(`${at}.averageUtilization`, 'must set either a target raw value or a target utilization'))
  if (averageUtilization !== undefined && averageValue !== undefined)
    found.push(forbidden(`${at}.averageValue`, 'may not set both a target raw value and a target utilization'))
}

const LONGEST_WINDOW_S = 3_600
const LONGEST_PERIOD_S = 1_800

function checkScaling(found: Found, field: string, rules: Scaling | undefined): void {
  if (rules === undefined) return
  const { stabilizationWindowSeconds: window = 0, selectPolicy, policies = [] } = rules
  const at = `${field}.stabilizationWindowSeconds`
  if (window < 0) found.push(invalid(at, window, 'must be greater than or equal to zero'))
  if (window > LONGEST_WINDOW_S) found.push(invalid(at, window, `must be less than or equal to ${LONGEST_WINDOW_S}`))
  if (selectPolicy !== undefined && !['Disabled', 'Max', 'Min'].includes(selectPolicy))
    found.push(notSupported(`${field}.selectPolicy`, selectPolicy, ['Disabled', 'Max', 'Min']))
  if (policies.length === 0) found.push(required(`${field}.policies`, 'must specify at least one Policy'))
  for (const [i, { type = '', value = 0, periodSeconds = 0 }] of policies.entries()) {
    const one = `${field}.policies[${i}]`
    if (type !== 'Percent' && type !== 'Pods') found.push(notSupported(`${one}.type`, type, ['Percent', 'Pods']))
    if (value <= 0) found.push(invalid(`${one}.value`, value, 'must be greater than zero'))
    if (periodSeconds <= 0) found.push(invalid(`${one}.periodSeconds`, periodSeconds, 'must be greater than zero'))
    if (periodSeconds > LONGEST_PERIOD_S)
      found.push(invalid(`${one}.periodSeconds`, periodSeconds, `must be less than or equal to ${LONGEST_PERIOD_S}`))
  }
}
