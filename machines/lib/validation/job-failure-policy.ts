/** Rules for what a Job makes of failed pods (pkg/apis/batch/validation: validatePodFailurePolicy). */
import { duplicate, type Found, invalid, invalidPart, notSupported, required, Shown, tooMany } from './causes.ts'
import { checkLabelName } from './labels.ts'

export interface FailurePolicy {
  /** Lists that are required, and missing, are null on the wire. */
  readonly rules?: readonly Rule[] | null
}
interface Rule {
  readonly action?: string
  readonly onExitCodes?: ExitCodes
  readonly onPodConditions?: readonly { readonly type?: string; readonly status?: string }[] | null
}
interface ExitCodes {
  readonly containerName?: string
  readonly operator?: string
  readonly values?: readonly number[] | null
}

const ACTIONS = ['Count', 'FailIndex', 'FailJob', 'Ignore']
const OPERATORS = ['In', 'NotIn']
const STATUSES = ['False', 'True', 'Unknown']
const MOST_RULES = 20
const MOST_CODES = 255

/** @param containers the names of those of the template @param countsPerIndex whether there is a limit per index */
export function checkFailurePolicy(
  found: Found,
  field: string,
  policy: FailurePolicy,
  containers: ReadonlySet<string>,
  countsPerIndex: boolean,
): void {
  const rules = policy.rules ?? []
  if (rules.length > MOST_RULES) found.push(tooMany(`${field}.rules`, rules.length, MOST_RULES))
  for (const [i, rule] of rules.entries()) {
    const at = `${field}.rules[${i}]`
    if (rule.action === 'FailIndex' && !countsPerIndex)
      found.push(invalid(`${at}.action`, rule.action, 'requires the backoffLimitPerIndex to be set'))
    else checkWord(found, `${at}.action`, rule.action, ACTIONS)
    if (rule.onExitCodes !== undefined) checkExitCodes(found, `${at}.onExitCodes`, rule.onExitCodes, containers)
    checkConditions(found, `${at}.onPodConditions`, rule.onPodConditions ?? [])
    checkOneOfBoth(found, at, rule)
  }
}

function checkOneOfBoth(found: Found, at: string, { onExitCodes, onPodConditions }: Rule): void {
  const [codes, conditions] = [onExitCodes !== undefined, (onPodConditions ?? []).length > 0]
  if (codes && conditions)
    found.push(invalidPart(at, 'specifying both OnExitCodes and OnPodConditions is not supported'))
  if (!codes && !conditions)
    found.push(invalidPart(at, 'specifying one of OnExitCodes and OnPodConditions is required'))
}

function checkExitCodes(found: Found, field: string, codes: ExitCodes, containers: ReadonlySet<string>): void {
  const { containerName, operator } = codes
  const values = codes.values ?? []
  checkWord(found, `${field}.operator`, operator, OPERATORS)
  if (containerName !== undefined && !containers.has(containerName)) {
    const detail = 'must be one of the container or initContainer names in the pod template'
    found.push(invalid(`${field}.containerName`, containerName, detail))
  }
  const shown = new Shown(values.length === 0 ? '[]int32(nil)' : `[]int32{${values.join(', ')}}`)
  if (values.length === 0) found.push(invalid(`${field}.values`, shown, 'at least one value is required'))
  else if (values.length > MOST_CODES) found.push(tooMany(`${field}.values`, values.length, MOST_CODES))
  for (const [i, value] of values.entries()) {
    if (operator === 'In' && value === 0)
      found.push(invalid(`${field}.values[${i}]`, value, 'must not be 0 for the In operator'))
    if (values.indexOf(value) < i) found.push(duplicate(`${field}.values[${i}]`, value))
  }
  if (values.some((value, i) => value < (values[i - 1] ?? value)))
    found.push(invalid(`${field}.values`, shown, 'must be ordered'))
}

function checkConditions(found: Found, field: string, conditions: NonNullable<Rule['onPodConditions']>): void {
  for (const [i, { type = '', status }] of conditions.entries()) {
    checkLabelName(found, `${field}[${i}].type`, type)
    checkWord(found, `${field}[${i}].status`, status, STATUSES)
  }
}

/** Missing, or none of the words that there are; a missing one is told which. */
function checkWord(found: Found, field: string, word: string | undefined, words: readonly string[]): void {
  if (!word) found.push(required(field, `valid values: [${words.map((each) => JSON.stringify(each)).join(' ')}]`))
  else if (!words.includes(word)) found.push(notSupported(field, word, words))
}
