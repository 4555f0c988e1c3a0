/** Values as Go prints them with `%#v`: some messages of the API quote whole structs. */
import type { core, LabelSelector } from '../../protocol/objects.ts'
import { parseQuantity } from '../quantity.ts'
import { Shown } from './causes.ts'

const quoted = (text: string): string => JSON.stringify(text)

/** `map[string]string{"a":"b"}`, sorted by key. */
export function goStringMap(map: Readonly<Record<string, string>> | undefined): string {
  const entries = Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  if (map === undefined || entries.length === 0) return 'map[string]string(nil)'
  return `map[string]string{${entries.map(([key, value]) => `${quoted(key)}:${quoted(value)}`).join(', ')}}`
}
export const shownMap = (map: Readonly<Record<string, string>> | undefined): Shown => new Shown(goStringMap(map))

/** `[]string{"a", "b"}` */
export const goStrings = (list: readonly string[] | undefined): string =>
  list === undefined || list.length === 0 ? '[]string(nil)' : `[]string{${list.map(quoted).join(', ')}}`
export const shownStrings = (list: readonly string[] | undefined): Shown => new Shown(goStrings(list))

export function shownSelector(selector: LabelSelector | undefined): Shown | undefined {
  if (selector === undefined) return undefined
  const expressions = (selector.matchExpressions ?? []).map(
    ({ key, operator, values }) =>
      `v1.LabelSelectorRequirement{Key:${quoted(key)}, Operator:${quoted(operator)}, Values:${goStrings(values)}}`,
  )
  const list = expressions.length === 0 ? '(nil)' : `{${expressions.join(', ')}}`
  return new Shown(
    `v1.LabelSelector{MatchLabels:${goStringMap(selector.matchLabels)}, MatchExpressions:[]v1.LabelSelectorRequirement${list}}`,
  )
}

export const shownIntOrString = (value: number | string): Shown =>
  new Shown(
    typeof value === 'string'
      ? `intstr.IntOrString{Type:1, IntVal:0, StrVal:${quoted(value)}}`
      : `intstr.IntOrString{Type:0, IntVal:${value}, StrVal:""}`,
  )

/** A quantity that Go holds as a 64-bit number with a scale. */
export function shownQuantity(written: string): Shown {
  const quantity = parseQuantity(written)
  let [value, scale] = [quantity?.nano ?? 0n, -9]
  while (scale < 0 && value % 1_000n === 0n && value !== 0n) [value, scale] = [value / 1_000n, scale + 3]
  return new Shown(
    `resource.Quantity{i:resource.int64Amount{value:${value}, scale:${scale}}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, s:${quoted(written)}, Format:${quoted(quantity?.format ?? '')}}`,
  )
}

export const shownTaint = ({ key, value = '', effect }: core.Taint): Shown =>
  new Shown(`core.Taint{Key:${quoted(key)}, Value:${quoted(value)}, Effect:${quoted(effect)}, TimeAdded:<nil>}`)

interface Owner {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly uid: string
  readonly controller?: boolean
  readonly blockOwnerDeletion?: boolean
}
/** Pointers are printed as addresses, which nobody can know. */
const pointer = (value: boolean | undefined): string => (value === undefined ? '(*bool)(nil)' : '(*bool)(0xc000000000)')
const goOwner = ({ apiVersion, kind, name, uid, controller, blockOwnerDeletion }: Owner): string =>
  `v1.OwnerReference{APIVersion:${quoted(apiVersion)}, Kind:${quoted(kind)}, Name:${quoted(name)}, UID:${quoted(uid)}, Controller:${pointer(controller)}, BlockOwnerDeletion:${pointer(blockOwnerDeletion)}}`
export const shownOwner = (owner: Owner): Shown => new Shown(goOwner(owner))
export const shownOwners = (owners: readonly Owner[]): Shown =>
  new Shown(`[]v1.OwnerReference{${owners.map(goOwner).join(', ')}}`)

/** `2026-01-01 00:00:00 +0000 UTC`, as Go prints an instant. */
export const shownTime = (timestamp: string | null | undefined): Shown | undefined =>
  timestamp === undefined || timestamp === null
    ? undefined
    : new Shown(`${timestamp.slice(0, 10)} ${timestamp.slice(11).replace('Z', '')} +0000 UTC`)
