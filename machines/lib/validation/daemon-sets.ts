/** Rules for DaemonSets (pkg/apis/apps/validation: ValidateDaemonSetSpec). */
import type { ApiObject, core, LabelSelector } from '../../protocol/objects.ts'
import { labelsMatch } from '../selector.ts'
import { type Found, forbidden, invalid, nonNegatives, notSupported, required, Shown } from './causes.ts'
import { shownIntOrString, shownMap, shownSelector } from './go-values.ts'
import { checkLabelSelector, isUsable } from './labels.ts'
import { checkTemplate } from './pod.ts'
import { amountOf, checkPace, checkSelectorUpdate, isEmpty } from './workloads.ts'

interface Strategy {
  readonly type?: string
  readonly rollingUpdate?: { readonly maxUnavailable?: number | string; readonly maxSurge?: number | string }
}
export interface DaemonSet extends ApiObject {
  readonly spec?: {
    readonly selector?: LabelSelector
    readonly template?: core.PodTemplateSpec
    readonly updateStrategy?: Strategy
  }
}

export function checkDaemonSet(found: Found, { spec = {} }: DaemonSet): void {
  const { selector, template } = spec
  checkLabelSelector(found, 'spec.selector', selector)
  const labels = template?.metadata?.labels
  if (isUsable(selector) && !labelsMatch(selector, labels)) {
    const detail = '`selector` does not match template `labels`'
    found.push(invalid('spec.template.metadata.labels', shownMap(labels), detail))
  }
  if (selector !== undefined && isEmpty(selector))
    found.push(invalid('spec.selector', shownSelector(selector), 'empty selector is invalid for daemonset'))
  checkTemplate(found, 'spec.template', template)
  checkRunsForEver(found, template, 'DaemonSet')
  nonNegatives(found, 'spec', spec, ['minReadySeconds'])
  checkStrategy(found, spec.updateStrategy ?? {})
  nonNegatives(found, 'spec', spec, ['revisionHistoryLimit'])
}

export function checkDaemonSetUpdate(found: Found, next: DaemonSet, was: DaemonSet): void {
  checkDaemonSet(found, next)
  checkSelectorUpdate(found, next.spec?.selector, was.spec?.selector)
}

/** Pods that are kept up by a workload are restarted always, and have no end. */
export function checkRunsForEver(found: Found, template: core.PodTemplateSpec | undefined, kind: string): void {
  const policy = template?.spec?.restartPolicy ?? ''
  if (policy !== 'Always') found.push(notSupported('spec.template.spec.restartPolicy', policy, ['Always']))
  if (template?.spec?.activeDeadlineSeconds === undefined) return
  const field = 'spec.template.spec.activeDeadlineSeconds'
  found.push(forbidden(field, `activeDeadlineSeconds in ${kind} is not Supported`))
}

function checkStrategy(found: Found, { type = '', rollingUpdate }: Strategy): void {
  const field = 'spec.updateStrategy'
  if (type === 'OnDelete') return
  if (type !== 'RollingUpdate') {
    const rolling = rollingUpdate === undefined ? '(nil)' : '{...}'
    const shown = `apps.DaemonSetUpdateStrategy{Type:${JSON.stringify(type)}, RollingUpdate:(*apps.RollingUpdateDaemonSet)${rolling}}`
    found.push(notSupported(field, new Shown(shown), ['RollingUpdate', 'OnDelete']))
  } else if (rollingUpdate === undefined) found.push(required(`${field}.rollingUpdate`))
  else checkRollingUpdate(found, `${field}.rollingUpdate`, rollingUpdate)
}

function checkRollingUpdate(found: Found, field: string, paces: NonNullable<Strategy['rollingUpdate']>): void {
  const { maxUnavailable = 0, maxSurge = 0 } = paces
  for (const [name, pace] of Object.entries({ maxUnavailable, maxSurge })) checkPace(found, `${field}.${name}`, pace)
  for (const [name, pace] of Object.entries({ maxUnavailable, maxSurge })) {
    if (typeof pace === 'string' && amountOf(pace) > 100)
      found.push(invalid(`${field}.${name}`, shownIntOrString(pace), 'must not be greater than 100%'))
  }
  const [gone, more] = [amountOf(maxUnavailable) !== 0, amountOf(maxSurge) !== 0]
  if (gone && more) {
    const detail = 'may not be set when maxUnavailable is non-zero'
    found.push(invalid(`${field}.maxSurge`, shownIntOrString(maxSurge), detail))
  }
  if (!gone && !more) found.push(required(`${field}.maxUnavailable`, 'cannot be 0 when maxSurge is 0'))
}
